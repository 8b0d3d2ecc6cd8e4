package dev.tiphys.network.gatewayapi;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.gatewayapi.fields.Age;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A route, with what was found of it. What is found stays as long as neither the route nor
/// anything that is no route changes, so a change of one costs the others nothing.
///
/// Not shared between threads.
final class PlannedRoute {

  static final Comparator<PlannedRoute> OLDEST_FIRST =
      Comparator.comparing((PlannedRoute each) -> each.created).thenComparing(each -> each.name);

  private final ApiResource resource;
  private final Struct route;
  private final Instant created;
  private final String name;
  private final long revision;
  private Attachments.@Nullable Attached attached;
  private Plan.@Nullable Told told;

  /// @param revision by which it came to be as it is, but for its status
  PlannedRoute(ApiResource resource, Struct route, long revision) {
    this.resource = resource;
    this.route = route;
    this.created = Age.created(route);
    this.name = ObjectKey.of(route).toString();
    this.revision = revision;
  }

  /// @param attachments asked for the oldest route first
  void attach(Attachments attachments) {
    Attachments.Attached now = attachments.of(route, resource.kind(), attached);
    if (now != attached) {
      attached = now;
      told = null;
    }
  }

  /// The route at each listener where it is served.
  List<Attachments.Joined> joined() {
    return attached == null ? List.of() : attached.joined();
  }

  /// What its status is to say.
  Plan.Told told(Statuses statuses, ServiceBackends backends) {
    if (told == null) {
      List<Attachments.Parent> parents = attached == null ? List.of() : attached.parents();
      told =
          statuses.ofRoute(
              resource, route, parents, new RuleActions(route, resource.kind(), backends));
    }
    return told;
  }

  long revision() {
    return revision;
  }
}
