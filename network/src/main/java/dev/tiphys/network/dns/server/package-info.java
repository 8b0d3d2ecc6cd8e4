/// Takes queries from sockets and sends the answers.
package dev.tiphys.network.dns.server;
