/// The API of a server elsewhere, over HTTP, and the file that says where it is and who asks.
package dev.tiphys.client.http;
