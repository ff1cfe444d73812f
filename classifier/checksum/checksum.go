// Package checksum holds the check-digit algorithms that identifiers share.
package checksum
