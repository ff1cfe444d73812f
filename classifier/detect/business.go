package detect

import (
	"strings"

	"daylight.internal/classifier"
)

// business are the detectors that judge whole records by their columns.
func business() []classifier.Detector {
	order := []classifier.Column{
		column("order_id", false, nil, "order id", "order number", "order no", "purchase id", "transaction id", "invoice number", "订单号", "订单编号", "訂單", "訂單編號", "交易号", "заказ", "номер заказа", "id заказа", "رقم الطلب", "رقم الفاتورة",
			"bestellnummer", "auftragsnummer", "numéro de commande", "número de pedido", "pedido", "numero ordine", "ordine"),
		column("product", false, nil, "sku", "product", "product name", "product id", "item", "item name", "article", "商品", "商品名称", "产品", "货号", "артикул", "товар", "наименование", "المنتج", "اسم المنتج", "artikel", "artikelnummer", "produkt", "produit", "producto", "produto", "prodotto"),
		column("quantity", false, figure, "qty", "quantity", "units", "数量", "數量", "количество", "кол во", "الكمية", "menge", "anzahl", "quantité", "cantidad", "quantidade", "quantità"),
		column("price", false, figure, "price", "unit price", "amount", "total", "total amount", "order value", "order total", "revenue", "价格", "单价", "金额", "金額", "总价", "实付金额", "цена", "сумма", "стоимость", "السعر", "المبلغ", "الإجمالي", "preis", "betrag", "summe", "prix", "montant", "precio", "importe", "preço", "valor", "prezzo", "importo"),
		column("order_date", false, nil, "order date", "purchase date", "purchased at", "ordered at", "last purchase", "下单时间", "订单日期", "购买日期", "购买时间", "дата заказа", "дата покупки", "تاريخ الطلب", "تاريخ الشراء", "bestelldatum", "kaufdatum", "date de commande", "fecha de compra", "fecha de pedido", "data do pedido", "data ordine"),
		column("segment", false, nil, "ltv", "clv", "lifetime value", "customer lifetime value", "rfm", "rfm segment", "aov", "customer segment", "purchase frequency", "total spent", "total orders", "orders count", "preferences", "purchase preferences", "preferred category",
			"客单价", "复购率", "消费金额", "偏好", "购买偏好", "会员等级", "средний чек", "сегмент", "сегмент клиента", "предпочтения", "الشريحة", "شريحة العملاء", "التفضيلات", "kundensegment", "kundenwert", "segmento"),
	}
	var metrics []classifier.Column
	for _, m := range metricColumns {
		metrics = append(metrics, column("metric_"+m.kind, false, figure, strings.Split(m.names, ",")...))
	}
	return []classifier.Detector{
		{
			ID: "purchase_history", Name: "Purchases of persons", Class: purchases, Source: lexiconSource, Validator: "an order or person with facts of a purchase", Columns: order, Confidence: 0.85,
			Rows: purchaseRecords,
		},
		{
			ID: "campaign_record", Name: "Results of campaigns, in a table", Class: campaign, Source: lexiconSource, Validator: "three metrics or more", Columns: metrics, Confidence: 0.85,
			Rows: func(t classifier.RecordSet) bool { return kindsWith(t, "metric_") >= 3 },
		},
	}
}

// purchaseRecords asks for an order, or a person, and three facts of a purchase.
func purchaseRecords(t classifier.RecordSet) bool {
	facts := 0
	for _, kind := range []string{"order_id", "product", "quantity", "price", "order_date"} {
		if t.Kinds[kind] {
			facts++
		}
	}
	if t.Persons {
		facts++
	}
	return facts >= 3 && (t.Persons || t.Kinds["order_id"]) || t.Persons && t.Kinds["segment"]
}

func kindsWith(t classifier.RecordSet, prefix string) int {
	n := 0
	for kind := range t.Kinds {
		if strings.HasPrefix(kind, prefix) {
			n++
		}
	}
	return n
}

// metricColumns are the columns of a campaign report.
var metricColumns = []struct{ kind, names string }{
	{"impressions", "impressions,impr,views,reach,展示量,曝光量,展现量,曝光,показы,охват,مرات الظهور,الظهور,impressionen,impresiones,impressões,impressioni"},
	{"clicks", "clicks,link clicks,点击量,点击数,点击,點擊,клики,переходы,النقرات,klicks,clics,cliques,clic"},
	{"ctr", "ctr,click through rate,点击率,點擊率,кликабельность,نسبة النقر,معدل النقر"},
	{"spend", "spend,ad spend,cost,budget,消耗,花费,投放费用,广告费,расход,расходы,бюджет,الإنفاق,الميزانية,ausgaben,kosten,dépenses,gasto,custo,spesa"},
	{"conversions", "conversions,conv,leads,转化,转化数,转化量,конверсии,лиды,التحويلات,konversionen,conversiones,conversões,conversioni"},
	{"conversion_rate", "conversion rate,cvr,cr,转化率,轉化率,конверсия,معدل التحويل,conversion rate %"},
	{"cpa", "cpa,cost per acquisition,cpl,cost per lead,获客成本,цена лида,تكلفة الاكتساب"},
	{"cpc", "cpc,cost per click,点击成本,цена клика,تكلفة النقرة"},
	{"cpm", "cpm,千次展示成本,تكلفة الألف ظهور"},
	{"roas", "roas,roi,romi,return on ad spend,投产比,投资回报率,дрр,рентабельность,العائد على الإنفاق"},
	{"open_rate", "open rate,opens,bounce rate,打开率,跳出率,открываемость,معدل الفتح"},
}

// figure is the shape of a number with its currency or percent sign.
func figure(b []byte) bool {
	digits, others := 0, 0
	for _, c := range b {
		switch {
		case digit(c):
			digits++
		case letter(c):
			others++
		case c >= 0x80: // currency signs, and digits of other scripts
			others++
		}
	}
	return (digits > 0 || others > 0 && others%2 == 0) && others <= max(6, digits*2)
}
