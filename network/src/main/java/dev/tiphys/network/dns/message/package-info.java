/// The messages of DNS (RFC 1035, RFC 6891): queries are read, answers are written.
package dev.tiphys.network.dns.message;
