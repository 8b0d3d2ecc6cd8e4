package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.discovery.Discovery;
import dev.tiphys.apiserver.discovery.ServerVersion;
import dev.tiphys.apiserver.http.media.MediaType;
import dev.tiphys.apiserver.http.media.Negotiation;
import dev.tiphys.apiserver.http.media.Negotiation.Format;
import dev.tiphys.apiserver.http.media.ObjectEncoder;
import dev.tiphys.apiserver.http.media.Representations;
import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.apiserver.openapi.OpenApi;
import dev.tiphys.apiserver.pipeline.Router;
import dev.tiphys.http.Body;
import dev.tiphys.http.Exchange;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.GroupVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the server has: `/api` and `/apis`, the groups, versions and resources below them; and
/// `/version`.
///
/// @param discovery the documents
record DiscoveryPages(Discovery discovery) implements ServerHandler.Page {

  @Override
  public boolean answer(String path, ResponseWriter response) {
    List<String> parts = List.of(path.substring(1).split("/", -1));
    switch (parts.getFirst()) {
      case "version" -> {
        if (parts.size() > 1) {
          return false;
        }
        check(response.exchange(), Representations.JSON);
        byte[] version = Json.bytes(ServerVersion.document());
        response.send(200, MediaType.JSON, Body.of(version), List.of());
      }
      case "api" -> core(parts, response);
      case "apis" -> {
        if (parts.size() > 1 && discovery.findGroup(parts.get(1)) == null) {
          return false;
        }
        groups(parts, response);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void check(Exchange exchange, Representations representations) {
    if (!exchange.method().equals("GET")) {
      throw Router.methodNotAllowed();
    }
    representations.checkAcceptable(exchange);
  }

  private void core(List<String> parts, ResponseWriter response) {
    switch (parts.size()) {
      case 1 -> root(true, response);
      case 2 -> send(discovery.findResources(new GroupVersion("", parts.get(1))), response);
      default -> throw Router.noSuchResource();
    }
  }

  private void groups(List<String> parts, ResponseWriter response) {
    switch (parts.size()) {
      case 1 -> root(false, response);
      case 2 -> send(discovery.findGroup(parts.get(1)), response);
      case 3 ->
          send(discovery.findResources(new GroupVersion(parts.get(1), parts.get(2))), response);
      default -> throw Router.noSuchResource();
    }
  }

  private static void send(@Nullable Struct document, ResponseWriter response) {
    if (document == null) {
      throw Router.noSuchResource();
    }
    Exchange exchange = response.exchange();
    check(exchange, Representations.OBJECT);
    Format format = Negotiation.of(exchange.header("accept"), false).format();
    response.sendTree(200, document, format, List.of());
  }

  /// `/api` or `/apis`, in the form that was asked for.
  private void root(boolean core, ResponseWriter response) {
    Exchange exchange = response.exchange();
    String header = exchange.header("accept");
    if (header != null && exchange.method().equals("GET")) {
      for (MediaType wanted : MediaType.accepted(header)) {
        String version = wanted.parameter("v", "");
        if (wanted.parameter("as", "").equals("APIGroupDiscoveryList")
            && (version.equals("v2") || version.equals("v2beta1"))) {
          sendAggregated(core, version, response);
          return;
        }
      }
    }
    send(core ? discovery.coreVersions(address(exchange)) : discovery.groupList(), response);
  }

  private static String address(Exchange exchange) {
    String host = exchange.header("host");
    String authority = host == null ? exchange.header(":authority") : host;
    return authority == null ? "" : authority;
  }

  private void sendAggregated(boolean core, String version, ResponseWriter response) {
    String mediaType =
        MediaType.JSON + ";g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
    byte[] body = ObjectEncoder.tree(discovery.aggregated(core, version), Format.JSON);
    response.sendKept(mediaType, Body.of(body), OpenApi.hash(body), "public");
  }
}
