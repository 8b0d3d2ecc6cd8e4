package dev.tiphys.apiserver.aggregation;

import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.apiserver.proxy.Relay;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.webhook.WebhookException;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.client.RequestTarget;
import dev.tiphys.world.World;
import org.jspecify.annotations.Nullable;

/// Passes requests on to the servers of other groups: everything below a group and version, watches
/// and upgrades included, in the name of the user that makes them.
///
/// Threads: any.
public final class Passing {

  private static final String UNAVAILABLE = "service unavailable\n";

  private final World world;
  private final RemoteGroups groups;
  private final RemoteServers servers;

  public Passing(World world, RemoteGroups groups, RemoteServers servers) {
    this.world = world;
    this.groups = groups;
    this.servers = servers;
  }

  /// Passes a request on, if another server serves what it is about. Returns whether one does.
  ///
  /// @param refused told if that server cannot be reached
  public boolean pass(
      String group, String version, ResponseWriter response, UserInfo user, Runnable refused) {
    RemoteGroup remote = groups.find(group, version);
    if (remote == null) {
      return false;
    }
    pass(remote, response, user, refused);
    return true;
  }

  /// As [#pass(String, String, ResponseWriter, UserInfo, Runnable)], for a path such as
  /// `/apis/GROUP/VERSION` or `/openapi/v3/apis/GROUP/VERSION`, if the other server knows the
  /// second form.
  public boolean passPath(String path, ResponseWriter response, UserInfo user, Runnable refused) {
    String[] parts = path.split("/");
    boolean describes = path.startsWith("/openapi/v3/");
    int apis = describes ? 3 : 1;
    return parts.length == apis + 3
        && parts[apis].equals("apis")
        && !(describes && isDescribedHere(parts[apis + 1], parts[apis + 2]))
        && pass(parts[apis + 1], parts[apis + 2], response, user, refused);
  }

  private boolean isDescribedHere(String group, String version) {
    RemoteGroup remote = groups.find(group, version);
    return remote != null
        && remote.description().location().isEmpty()
        && !remote.description().whole().isEmpty();
  }

  private void pass(RemoteGroup group, ResponseWriter response, UserInfo user, Runnable refused) {
    if (!group.available()) {
      refused.run();
      response.sendText(503, UNAVAILABLE);
      return;
    }
    Exchange exchange = response.exchange();
    try {
      new Relay(world, response, servers.backend(group), null)
          .pass(target(exchange), RemoteServers.identity(user));
    } catch (WebhookException e) {
      refused.run();
      response.sendText(503, UNAVAILABLE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static RequestTarget target(Exchange exchange) {
    @Nullable String query = exchange.query();
    return new RequestTarget(
        query == null || query.isEmpty() ? exchange.path() : exchange.path() + "?" + query);
  }
}
