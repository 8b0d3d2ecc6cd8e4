package dev.tiphys.apiserver.aggregation;

import dev.tiphys.apiserver.proxy.Backend;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.webhook.WebhookException;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ServedResource;
import dev.tiphys.client.ServedResources;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.http.Header;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What other servers serve, for the parts of the cluster that live in this process: what [Passing]
/// is for clients elsewhere.
///
/// Threads: any.
public final class RemoteApis {

  private final World world;
  private final RemoteGroups groups;
  private final Map<GroupVersion, Reached> reached = new ConcurrentHashMap<>();
  private volatile @Nullable RemoteServers servers;

  /// A server, and the way it was reached.
  private record Reached(Kubeconfig.Access access, HttpApi api) {}

  public RemoteApis(World world, RemoteGroups groups) {
    this.world = world;
    this.groups = groups;
  }

  /// Says how the servers are reached. Before that there are none.
  public void reachThrough(RemoteServers way) {
    servers = way;
  }

  /// The API of the server that serves a group; null if this one does, or none.
  ///
  /// @param user in whose name it is asked
  /// @param part what asks
  /// @throws ApiException if it can't be asked now
  public @Nullable Api find(String group, String version, UserInfo user, String part) {
    RemoteGroup remote = groups.find(group, version);
    RemoteServers way = servers;
    if (remote == null || way == null) {
      return null;
    }
    if (!remote.available()) {
      throw unavailable();
    }
    Map<String, List<String>> identity = new LinkedHashMap<>();
    for (Header header : RemoteServers.identity(user)) {
      identity.computeIfAbsent(header.name(), _ -> new ArrayList<>()).add(header.value());
    }
    return reach(remote, way).as(part).withHeaders(identity);
  }

  private HttpApi reach(RemoteGroup remote, RemoteServers way) {
    try {
      Backend backend = way.backend(remote);
      Kubeconfig.Access access = way.access(remote, "https://" + backend.authority());
      return reached.compute(
              remote.groupVersion(),
              (_, known) ->
                  known != null && known.access.equals(access)
                      ? known
                      : new Reached(access, new HttpApi(world, access, "kube-aggregator")))
          .api;
    } catch (WebhookException e) {
      throw unavailable();
    }
  }

  private static ApiException unavailable() {
    return ApiException.ofServer(
        Reason.SERVICE_UNAVAILABLE, "the server is currently unable to handle the request");
  }

  /// `own` with what other servers serve.
  public ServedResources with(List<ServedResource> own) {
    List<ServedResource> known = new ArrayList<>(own);
    Map<String, String> failures = new TreeMap<>();
    Map<String, ServedResource> others = new LinkedHashMap<>(); // by group and name
    for (RemoteGroup remote : groups.all()) {
      GroupVersion version = remote.groupVersion();
      if (remote.available()) {
        for (Struct resource : remote.resources().structs("resources")) {
          others.putIfAbsent(
              version.group() + "/" + resource.string("name"), served(version, resource));
        }
      } else {
        failures.put(version.toString(), ServedResources.stale(version.toString()));
      }
    }
    others.forEach(
        (name, served) -> {
          if (name.indexOf('/') == name.lastIndexOf('/')) { // no subresource
            known.add(served);
          }
        });
    return new ServedResources(known, failures);
  }

  private static ServedResource served(GroupVersion version, Struct resource) {
    return new ServedResource(
        new ApiResource(
            version, resource.string("name"), resource.string("kind"), resource.bool("namespaced")),
        resource.strings("verbs"));
  }
}
