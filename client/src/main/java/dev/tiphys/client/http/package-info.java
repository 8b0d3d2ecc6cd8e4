/// The API of a server elsewhere, over HTTP, and the kubeconfig that says where it is and with
/// which credentials.
package dev.tiphys.client.http;
