"""Fetches a URL with Python's own urllib through the proxy of the environment."""
import json
import os
import ssl
import sys
import urllib.error
import urllib.request

url, body = sys.argv[1], sys.stdin.buffer.read()
context = ssl.create_default_context(cafile=os.environ["DAYLIGHT_CA"])
proxy = urllib.request.ProxyHandler({"https": os.environ["DAYLIGHT_PROXY"], "http": os.environ["DAYLIGHT_PROXY"]})
opener = urllib.request.build_opener(proxy, urllib.request.HTTPSHandler(context=context))
request = urllib.request.Request(url, data=body or None, headers={"Content-Type": "application/json"} if body else {})
try:
    with opener.open(request, timeout=110) as answer:
        print(json.dumps({"status": answer.status, "body": answer.read().decode()}))
except urllib.error.HTTPError as error:
    print(json.dumps({"status": error.code, "body": error.read().decode()}))
