/// Passing requests on: to Pods, Services and nodes (`…/proxy/…`). The server stands between the
/// client and what answers it ([dev.tiphys.apiserver.proxy.ProxyConnector]), and buffers nothing.
package dev.tiphys.apiserver.proxy;
