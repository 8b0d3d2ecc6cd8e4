/// The server itself: connections of HTTP/1.1 and HTTP/2 on Netty, and what bounds them. Of all
/// this only [dev.tiphys.http.server.HttpServer] is for other modules.
package dev.tiphys.http.server;
