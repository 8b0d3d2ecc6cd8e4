package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.discovery.Discovery;
import dev.tiphys.apiserver.discovery.ServerVersion;
import dev.tiphys.apiserver.openapi.OpenApi;
import dev.tiphys.http.Body;
import dev.tiphys.http.Exchange;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.ByteBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.GroupVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The paths outside resources: discovery, version, health, metrics, and the descriptions of the
/// API.
///
/// Threads: any.
final class ServerHandler {

  private final Discovery discovery;
  private final Health health;
  private final List<Page> pages;

  /// Something that is served under paths of its own.
  interface Page {
    /// Answers a request for `path`, or returns false if that is not one of its paths.
    boolean answer(String path, ResponseWriter response);
  }

  ServerHandler(Discovery discovery, Health health, List<Page> pages) {
    this.discovery = discovery;
    this.health = health;
    this.pages = List.copyOf(pages);
  }

  void handle(String rawPath, ResponseWriter response, Parameters parameters) {
    String path =
        rawPath.length() > 1 && rawPath.endsWith("/")
            ? rawPath.substring(0, rawPath.length() - 1)
            : rawPath;
    for (Page page : pages) {
      if (page.answer(path, response)) {
        return;
      }
    }
    List<String> parts = List.of(path.substring(1).split("/"));
    switch (parts.getFirst()) {
      case "" -> json(response, Struct.of("paths", paths()));
      case "version" -> json(response, ServerVersion.document());
      case "livez", "readyz", "healthz" -> health(parts, response, parameters);
      case "api", "apis" -> discover(parts, response);
      default -> notFound(response);
    }
  }

  private List<String> paths() {
    List<String> paths = new ArrayList<>(List.of("/api", "/api/v1", "/apis"));
    for (Struct group : discovery.groupList().structs("groups")) {
      paths.add("/apis/" + group.string("name"));
      group
          .structs("versions")
          .forEach(version -> paths.add("/apis/" + version.string("groupVersion")));
    }
    paths.addAll(
        List.of(
            "/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/readyz", "/version"));
    return paths;
  }

  private void health(List<String> parts, ResponseWriter response, Parameters parameters) {
    String one = String.join("/", parts.subList(1, parts.size()));
    Health.Answer answer =
        health.answer(parts.getFirst(), one, parameters.has("verbose"), parameters.all("exclude"));
    text(response, answer.status(), answer.text());
  }

  private void discover(List<String> parts, ResponseWriter response) {
    boolean core = parts.getFirst().equals("api");
    Struct document =
        switch (parts.size() + (core ? 1 : 0)) {
          case 1, 2 ->
              core || parts.size() == 1 ? roots(core, response) : discovery.findGroup(parts.get(1));
          case 3 ->
              discovery.findResources(
                  core
                      ? new GroupVersion("", parts.get(1))
                      : new GroupVersion(parts.get(1), parts.get(2)));
          default -> null;
        };
    if (document != null) {
      json(response, document);
    } else if (response.status() == 0) {
      notFound(response);
    }
  }

  /// `/api` or `/apis`, in the form that was asked for. Null if it has been answered here.
  private @Nullable Struct roots(boolean core, ResponseWriter response) {
    Exchange exchange = response.exchange();
    String header = exchange.header("accept");
    if (header != null) {
      for (MediaType wanted : MediaType.accepted(header)) {
        String version = wanted.parameter("v", "");
        if (wanted.parameter("as", "").equals("APIGroupDiscoveryList")
            && (version.equals("v2") || version.equals("v2beta1"))) {
          aggregated(core, version, response);
          return null;
        }
      }
    }
    return core ? discovery.coreVersions(address(exchange)) : discovery.groupList();
  }

  private static String address(Exchange exchange) {
    String host = exchange.header("host");
    String authority = host == null ? exchange.header(":authority") : host;
    return authority == null ? "" : authority;
  }

  private void aggregated(boolean core, String version, ResponseWriter response) {
    String mediaType =
        MediaType.JSON + ";g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
    byte[] body = ObjectEncoder.tree(discovery.aggregated(core, version), Negotiation.Format.JSON);
    response.sendKept(mediaType, Body.of(body), OpenApi.hash(body), "public");
  }

  /// Sends a tree; its kind and apiVersion first, if it has any.
  private static void json(ResponseWriter response, Struct document) {
    byte[] body =
        document.has("kind")
            ? ObjectEncoder.tree(document, Negotiation.Format.JSON)
            : withNewline(Json.bytes(document));
    response.send(200, MediaType.JSON, Body.of(body), List.of());
  }

  private static byte[] withNewline(byte[] json) {
    ByteBuilder out = new ByteBuilder(json.length + 1);
    out.add(json);
    out.add('\n');
    return out.toBytes();
  }

  private static void text(ResponseWriter response, int status, String text) {
    response.send(
        status,
        "text/plain; charset=utf-8",
        Body.of(text.getBytes(StandardCharsets.UTF_8)),
        List.of());
  }

  static void notFound(ResponseWriter response) {
    text(response, 404, "404 page not found\n");
  }
}
