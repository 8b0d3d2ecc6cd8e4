package dev.tiphys.network.gatewayapi;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.gatewayapi.fields.Age;
import dev.tiphys.network.gatewayapi.fields.Grants;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes a [Plan] of what there is in the cluster. Where only routes have changed, what was found
/// of all else, and of the other routes, is taken over.
///
/// Not shared between threads.
final class Planner {

  private final Followed cluster;
  private final ServiceBackends backends;
  private final SecretCertificates certificates;
  private final Statuses statuses;
  private final Set<String> owned = new HashSet<>(); // uids of Gateways that were served
  private @Nullable Ground ground;
  private Map<Identity, PlannedRoute> planned = Map.of();

  /// By what an object is the same as before: what is written to its status is no change of it.
  private record Identity(String uid, long generation) {
    static Identity of(Struct object) {
      Meta meta = Meta.of(object);
      return new Identity(meta.uid(), meta.generation());
    }
  }

  /// What routes are planned on.
  ///
  /// @param revisions by which each Gateway came to be as it is
  /// @param left Gateways that were of a class that is served here, and are of another now
  /// @param listeners by Gateway; none is without one
  private record Ground(
      List<Struct> classes,
      Map<Identity, Long> revisions,
      List<Struct> left,
      Map<ObjectKey, List<GatewayListener>> listeners,
      TlsPolicies policies,
      PortTables tables) {}

  Planner(Followed cluster, ServiceBackends backends, SecretCertificates certificates, Edge edge) {
    this.cluster = cluster;
    this.backends = backends;
    this.certificates = certificates;
    this.statuses = new Statuses(edge);
  }

  /// @param anew whether something else than routes may have changed
  Plan plan(boolean anew) {
    Ground on = ground;
    boolean fresh = on == null || anew;
    if (on == null || anew) {
      on = ground(on == null ? Map.of() : on.revisions);
      ground = on;
    }
    List<PlannedRoute> routes = routes(fresh);
    Attachments attachments = new Attachments(on.listeners, cluster::labels);
    List<Attachments.Joined> joined = new ArrayList<>(routes.size());
    for (PlannedRoute each : routes) {
      each.attach(attachments);
      joined.addAll(each.joined());
    }
    List<Edge.Site> sites = on.tables.sites(joined);
    Map<GatewayListener, Integer> attached = attachments.counts();
    List<Plan.Told> told = new ArrayList<>(routes.size());
    on.classes.forEach(each -> told.add(statuses.ofClass(each)));
    on.listeners.values().forEach(each -> told.add(statuses.ofGateway(each, attached)));
    routes.forEach(each -> told.add(each.told(statuses, backends)));
    on.left.forEach(each -> told.add(statuses.ofLeft(each)));
    List<TlsPolicies.Policy> policies = on.policies.all();
    Map<ObjectKey, Set<ObjectKey>> users = policies.isEmpty() ? Map.of() : users(joined);
    policies.forEach(each -> told.add(statuses.ofPolicy(each, users(each, users))));
    backends.retain(on.tables.backends());
    if (fresh) {
      backends.updateAll();
    }
    return new Plan(revision(on.revisions.values(), routes), sites, told);
  }

  private Ground ground(Map<Identity, Long> before) {
    List<Struct> classes =
        cluster.classes().stream().filter(Planner::isOwn).sorted(Age.OLDEST_FIRST).toList();
    Set<String> names =
        classes.stream().map(each -> Meta.of(each).name()).collect(Collectors.toSet());
    List<Struct> gateways =
        cluster.gateways().stream()
            .filter(each -> names.contains(each.string("spec", "gatewayClassName")))
            .sorted(Age.OLDEST_FIRST)
            .toList();
    Grants grants = new Grants(cluster.grants());
    TlsPolicies policies =
        new TlsPolicies(
            cluster.policies().stream().sorted(Age.OLDEST_FIRST).toList(),
            new AuthorityRefs(cluster::configMap));
    backends.refresh(grants, policies);
    Map<ObjectKey, List<GatewayListener>> listeners = listeners(gateways, grants);
    List<GatewayListener> served =
        listeners.values().stream()
            .flatMap(List::stream)
            .filter(each -> each.isServed() && Statuses.refusal(each.gateway()) == null)
            .toList();
    Map<Identity, Long> revisions = HashMap.newHashMap(gateways.size());
    for (Struct each : gateways) {
      Identity identity = Identity.of(each);
      revisions.put(identity, before.getOrDefault(identity, Meta.of(each).revision()));
    }
    return new Ground(
        classes, revisions, left(gateways), listeners, policies, new PortTables(served, backends));
  }

  private List<Struct> left(List<Struct> gateways) {
    gateways.forEach(each -> owned.add(Meta.of(each).uid()));
    List<Struct> others = new ArrayList<>(cluster.gateways());
    owned.retainAll(others.stream().map(each -> Meta.of(each).uid()).toList());
    others.removeAll(gateways);
    others.removeIf(each -> !owned.contains(Meta.of(each).uid()));
    return others;
  }

  private static boolean isOwn(Struct gatewayClass) {
    return gatewayClass.string("spec", "controllerName").equals(GatewayApi.CONTROLLER);
  }

  private Map<ObjectKey, List<GatewayListener>> listeners(List<Struct> gateways, Grants grants) {
    GatewayListeners reading =
        new GatewayListeners(
            grants,
            key -> certificates.of(key, cluster.secret(key)),
            new AuthorityRefs(cluster::configMap));
    Map<ObjectKey, List<GatewayListener>> listeners = new LinkedHashMap<>();
    for (Struct each : gateways) {
      List<GatewayListener> read = reading.read(each);
      if (!read.isEmpty()) {
        listeners.put(ObjectKey.of(each), read);
      }
    }
    certificates.dropUnused();
    return listeners;
  }

  /// The oldest first.
  ///
  /// @param fresh whether all is planned again
  private List<PlannedRoute> routes(boolean fresh) {
    Map<Identity, PlannedRoute> next = HashMap.newHashMap(planned.size() + 1);
    for (ApiResource resource : GatewayResources.ROUTES) {
      for (Struct route : cluster.routes(resource)) {
        Identity identity = Identity.of(route);
        PlannedRoute known = planned.get(identity);
        if (known == null || fresh) {
          long revision = known == null ? Meta.of(route).revision() : known.revision();
          next.put(identity, new PlannedRoute(resource, route, revision));
        } else {
          next.put(identity, known);
        }
      }
    }
    planned = next;
    List<PlannedRoute> all = new ArrayList<>(next.values());
    all.sort(PlannedRoute.OLDEST_FIRST);
    return all;
  }

  /// The Gateways by which requests come to each Service.
  private static Map<ObjectKey, Set<ObjectKey>> users(List<Attachments.Joined> joined) {
    Map<ObjectKey, Set<ObjectKey>> users = new HashMap<>();
    for (Attachments.Joined each : joined) {
      String own = Meta.of(each.route()).namespace();
      ObjectKey gateway = ObjectKey.of(each.listener().gateway());
      for (Struct rule : each.route().structs("spec", "rules")) {
        for (Struct ref : rule.structs("backendRefs")) {
          ObjectKey service =
              new ObjectKey(
                  ref.has("namespace") ? ref.string("namespace") : own, ref.string("name"));
          users.computeIfAbsent(service, _ -> new HashSet<>()).add(gateway);
        }
      }
    }
    return users;
  }

  /// The Gateways by which requests come to what a policy is for.
  private static List<ObjectKey> users(
      TlsPolicies.Policy policy, Map<ObjectKey, Set<ObjectKey>> users) {
    return policy.services().stream()
        .flatMap(service -> users.getOrDefault(service, Set.of()).stream())
        .distinct()
        .sorted(Comparator.comparing(ObjectKey::toString))
        .toList();
  }

  private static String revision(Collection<Long> gateways, List<PlannedRoute> routes) {
    long newest = gateways.isEmpty() ? 0 : Collections.max(gateways);
    for (PlannedRoute each : routes) {
      if (!each.joined().isEmpty()) {
        newest = Math.max(newest, each.revision());
      }
    }
    return Long.toString(newest);
  }
}
