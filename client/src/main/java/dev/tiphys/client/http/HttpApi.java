package dev.tiphys.client.http;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Cause;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectList;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.ServedResource;
import dev.tiphys.client.ServedResources;
import dev.tiphys.client.WatchOptions;
import dev.tiphys.client.WatchStream;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The API of a server elsewhere, over HTTP: ours or upstream's.
///
/// Nothing waits for ever: a connection has ten seconds, an answer sixty, and a watch that asks for
/// bookmarks three minutes from one event or bookmark to the next.
///
/// Threads: any.
public final class HttpApi implements Api {

  /// How long an answer may take, from the first byte of the request to its last.
  private static final Duration ANSWERING = Duration.ofSeconds(60);

  /// All groups in one document. Servers before 1.30 know the older version alone, which says the
  /// same.
  private static final String DISCOVERY =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
          + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";

  private final World world;
  private final Connections connections;
  private final String server;
  private final String agent;
  private final String manager; // of fields; empty for the agent
  private final long largest; // answer
  private final Map<String, List<String>> headers;

  /// @param access where the server is, and with which credentials to reach it
  /// @param agent the name of the program that asks
  public HttpApi(World world, Kubeconfig.Access access, String agent) {
    this(world, access, agent, new RequestMetrics());
  }

  /// @param access where the server is, and with which credentials to reach it
  /// @param agent the name of the program that asks
  /// @param metrics where requests are counted, with those of other accesses
  public HttpApi(World world, Kubeconfig.Access access, String agent, RequestMetrics metrics) {
    this(
        world,
        new Connections(world, access, metrics),
        access.server().replaceFirst("/+$", ""),
        agent,
        "",
        Map.of(),
        Long.MAX_VALUE);
  }

  private HttpApi(
      World world,
      Connections connections,
      String server,
      String agent,
      String manager,
      Map<String, List<String>> headers,
      long largest) {
    this.world = world;
    this.connections = connections;
    this.server = server;
    this.agent = agent;
    this.manager = manager;
    this.headers = headers;
    this.largest = largest;
  }

  /// The same access, for a server that is not trusted with this process's memory.
  ///
  /// @param most how many bytes an answer may have; watches are not bounded
  public HttpApi within(long most) {
    return new HttpApi(world, connections, server, agent, manager, headers, most);
  }

  /// The same access, over the same connections, for another part of the program.
  ///
  /// @param part the name it goes by
  public HttpApi as(String part) {
    return new HttpApi(world, connections, server, part, manager, headers, largest);
  }

  /// The same credentials for another server, such as that of a node.
  ///
  /// @param url of the server
  public HttpApi at(String url) {
    return new HttpApi(world, connections, url, agent, manager, headers, largest);
  }

  /// The same access with further header fields, such as those that name the user that a proxy asks
  /// for.
  public HttpApi withHeaders(Map<String, List<String>> more) {
    return new HttpApi(world, connections, server, agent, manager, more, largest);
  }

  @Override
  public Api managing(String other) {
    return new HttpApi(world, connections, server, agent, other, headers, largest);
  }

  /// What a write says of who makes it; servers go by the agent's name otherwise.
  private Map<String, String> writer() {
    return manager.isEmpty() ? Map.of() : Map.of("fieldManager", manager);
  }

  @Override
  public Struct get(
      ApiResource resource,
      String namespace,
      String name,
      String subresource,
      Map<String, String> query) {
    return send(request(path(resource, namespace, name, subresource), query).GET());
  }

  @Override
  public ObjectList list(ApiResource resource, String namespace, ListOptions options) {
    Struct list = send(request(path(resource, namespace), parameters(options)).GET());
    List<Struct> items = new ArrayList<>();
    for (Struct item : list.structs("items")) {
      items.add(typed(item, resource));
    }
    Struct metadata = list.struct("metadata");
    return new ObjectList(items, metadata.string("resourceVersion"), metadata.string("continue"));
  }

  /// Items of a list leave out what the list says for all of them.
  private static Struct typed(Struct item, ApiResource resource) {
    return StructBuilder.from(item)
        .add("apiVersion", resource.apiVersion())
        .add("kind", resource.kind())
        .build();
  }

  private static Map<String, String> parameters(ListOptions options) {
    Map<String, String> parameters = new TreeMap<>();
    put(parameters, "labelSelector", options.labelSelector());
    put(parameters, "fieldSelector", options.fieldSelector());
    put(parameters, "resourceVersion", options.resourceVersion());
    put(parameters, "continue", options.continueToken());
    put(parameters, "limit", options.limit() == 0 ? "" : Long.toString(options.limit()));
    return parameters;
  }

  private static void put(Map<String, String> parameters, String name, String value) {
    if (!value.isEmpty()) {
      parameters.put(name, value);
    }
  }

  @Override
  public WatchStream watch(ApiResource resource, String namespace, WatchOptions options) {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("watch", "true");
    put(parameters, "labelSelector", options.labelSelector());
    put(parameters, "fieldSelector", options.fieldSelector());
    put(parameters, "resourceVersion", options.resourceVersion());
    put(parameters, "allowWatchBookmarks", options.bookmarks() ? "true" : "");
    HttpResponse<InputStream> answer =
        exchange(request(resource.path(namespace), parameters).GET(), BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      try (InputStream body = answer.body()) {
        throw refusal(answer.statusCode(), body.readAllBytes());
      } catch (IOException e) {
        throw unreachable(e);
      }
    }
    return new HttpWatchStream(world, answer.body(), options.bookmarks());
  }

  @Override
  public Struct create(ApiResource resource, Struct object) {
    String path = resource.path(object.string("metadata", "namespace"));
    return send(json(request(path, writer()), "POST", named(object, resource)));
  }

  private static Struct named(Struct object, ApiResource resource) {
    return object.has("kind") ? object : typed(object, resource);
  }

  @Override
  public Struct update(ApiResource resource, Struct object, String subresource) {
    Struct metadata = object.struct("metadata");
    String path =
        path(resource, metadata.string("namespace"), metadata.string("name"), subresource);
    return send(json(request(path, writer()), "PUT", named(object, resource)));
  }

  @Override
  public Struct patch(
      ApiResource resource,
      String namespace,
      String name,
      String subresource,
      PatchType type,
      Object patch) {
    Map<String, String> query =
        type == PatchType.APPLY
            ? Map.of("fieldManager", manager.isEmpty() ? agent : manager, "force", "true")
            : writer();
    return send(
        request(path(resource, namespace, name, subresource), query)
            .header("Content-Type", type.mediaType())
            .method("PATCH", BodyPublishers.ofByteArray(Json.bytes(patch))));
  }

  @Override
  public Struct createSubresource(
      ApiResource resource, String namespace, String name, String subresource, Struct object) {
    return send(
        json(request(path(resource, namespace, name, subresource), Map.of()), "POST", object));
  }

  @Override
  public Struct delete(ApiResource resource, String namespace, String name, DeleteOptions options) {
    return send(
        json(request(path(resource, namespace, name, ""), Map.of()), "DELETE", options.toStruct()));
  }

  @Override
  public void deleteCollection(
      ApiResource resource, String namespace, ListOptions which, DeleteOptions options) {
    send(json(request(resource.path(namespace), parameters(which)), "DELETE", options.toStruct()));
  }

  @Override
  public ServedResources discover() {
    Map<String, ServedResource> known = new LinkedHashMap<>(); // by group and name
    Map<String, String> failures = new TreeMap<>();
    for (String root : List.of("/api", "/apis")) {
      Struct all = send(request(root, Map.of()).setHeader("Accept", DISCOVERY).GET());
      if (!all.string("kind").equals("APIGroupDiscoveryList")) {
        throw ApiException.of(
            Reason.INTERNAL_ERROR, server + root + " does not tell what all groups serve");
      }
      for (Struct group : all.structs("items")) {
        for (Struct version : group.structs("versions")) {
          addVersion(group.string("metadata", "name"), version, known, failures);
        }
      }
    }
    return new ServedResources(List.copyOf(known.values()), failures);
  }

  @Override
  public Struct describe(GroupVersion version) {
    return send(request("/openapi/v3" + version.path(), Map.of()).GET());
  }

  /// A JSON document that the server answers at a path outside of resources.
  ///
  /// @throws ApiException if there is none, or if it can't be had
  public Struct document(String path) {
    return send(request(path, Map.of()).GET());
  }

  /// A text that the server answers at a path, such as a page of metrics.
  ///
  /// @throws ApiException if there is none, or if it can't be had
  public String text(String path) {
    HttpRequest.Builder request = request(path, Map.of()).setHeader("Accept", "text/plain").GET();
    return new String(content(request), StandardCharsets.UTF_8);
  }

  /// Adds what no version before has: those that clients should prefer come first.
  private static void addVersion(
      String group,
      Struct version,
      Map<String, ServedResource> known,
      Map<String, String> failures) {
    GroupVersion groupVersion = new GroupVersion(group, version.string("version"));
    if (version.string("freshness").equals("Stale")) {
      failures.put(groupVersion.toString(), ServedResources.stale(groupVersion.toString()));
      return;
    }
    for (Struct resource : version.structs("resources")) {
      String name = resource.string("resource");
      known.putIfAbsent(
          group + "/" + name,
          new ServedResource(
              new ApiResource(
                  groupVersion,
                  name,
                  resource.string("responseKind", "kind"),
                  resource.string("scope").equals("Namespaced")),
              resource.strings("verbs")));
    }
  }

  private static String path(
      ApiResource resource, String namespace, String name, String subresource) {
    String path = path(resource, namespace) + "/" + escaped(name);
    return subresource.isEmpty() ? path : path + "/" + escaped(subresource).replace("%2F", "/");
  }

  /// The path of a collection; what other servers serve may be named with any characters.
  private static String path(ApiResource resource, String namespace) {
    String plural = escaped(resource.plural());
    return new ApiResource(resource.groupVersion(), plural, resource.kind(), resource.namespaced())
        .path(namespace);
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path, Map<String, String> parameters) {
    StringBuilder uri = new StringBuilder(server).append(path);
    char separator = '?';
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      uri.append(separator).append(parameter.getKey()).append('=');
      uri.append(escaped(parameter.getValue()));
      separator = '&';
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(uri.toString()))
            .header("Accept", "application/json")
            .header("User-Agent", agent);
    headers.forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    if (Cause.revision() > 0) {
      request.header(Cause.HEADER, Long.toString(Cause.revision()));
    }
    return request;
  }

  private static HttpRequest.Builder json(HttpRequest.Builder request, String method, Struct body) {
    return request
        .header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofByteArray(Json.bytes(body)));
  }

  private byte[] content(HttpRequest.Builder request) {
    HttpResponse<byte[]> answer =
        exchange(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), largest));
    if (answer.statusCode() >= 300) {
      throw refusal(answer.statusCode(), answer.body());
    }
    return answer.body();
  }

  private Struct send(HttpRequest.Builder request) {
    try {
      return Json.struct(content(request));
    } catch (EncodingException e) {
      throw ApiException.of(
          Reason.INTERNAL_ERROR, "the server's answer can't be read: " + e.getMessage());
    }
  }

  private <T> HttpResponse<T> exchange(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
    try {
      return connections.exchange(request, body, ANSWERING);
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "interrupted");
    }
  }

  private ApiException unreachable(IOException cause) {
    return ApiException.of(
        Reason.SERVICE_UNAVAILABLE, "cannot reach " + server + ": " + cause.getMessage());
  }

  private static ApiException refusal(int code, byte[] body) {
    try {
      Struct status = Json.struct(body);
      if (status.string("kind").equals("Status")) {
        return ApiException.from(status, code);
      }
    } catch (EncodingException e) {
      // it is a plain text, which is told below
    }
    String text = new String(body, StandardCharsets.UTF_8).strip();
    Struct status = Struct.of("kind", "Status", "message", text, "reason", reasonOf(code).word());
    return ApiException.from(status, code);
  }

  private static Reason reasonOf(int code) {
    for (Reason reason : Reason.values()) {
      if (reason.code() == code) {
        return reason;
      }
    }
    return Reason.UNKNOWN;
  }
}
