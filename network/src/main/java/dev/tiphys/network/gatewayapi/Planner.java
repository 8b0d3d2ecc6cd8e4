package dev.tiphys.network.gatewayapi;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.gatewayapi.fields.Age;
import dev.tiphys.network.gatewayapi.fields.Grants;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Makes a [Plan] of what there is in the cluster.
final class Planner {

  private final Followed cluster;
  private final ServiceBackends backends;
  private final SecretCertificates certificates;
  private final Edge edge;

  /// A route, and its parents that are served here.
  private record Placed(
      ApiResource resource,
      Struct route,
      List<Attachments.Parent> parents,
      List<Attachments.Joined> joined) {}

  Planner(Followed cluster, ServiceBackends backends, SecretCertificates certificates, Edge edge) {
    this.cluster = cluster;
    this.backends = backends;
    this.certificates = certificates;
    this.edge = edge;
  }

  Plan plan() {
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
            cluster.policies().stream().sorted(Age.OLDEST_FIRST).toList(), cluster::configMap);
    backends.refresh(grants, policies);
    Map<ObjectKey, List<GatewayListener>> listeners = listeners(gateways, grants);
    List<Placed> routes = routes(listeners);
    List<Attachments.Joined> joined =
        routes.stream().flatMap(each -> each.joined().stream()).toList();
    List<GatewayListener> served =
        listeners.values().stream()
            .flatMap(List::stream)
            .filter(each -> each.isServed() && Statuses.refusal(each.gateway()) == null)
            .toList();
    List<Edge.Site> sites = new PortTables(served, joined, backends).sites();
    Statuses statuses = new Statuses(edge);
    List<Plan.Told> told = new ArrayList<>();
    classes.forEach(each -> told.add(statuses.ofClass(each)));
    listeners.forEach((_, each) -> told.add(statuses.ofGateway(each)));
    for (Placed each : routes) {
      RuleActions actions = new RuleActions(each.route(), each.resource().kind(), backends);
      told.add(statuses.ofRoute(each.resource(), each.route(), each.parents(), actions));
    }
    for (TlsPolicies.Policy each : policies.all()) {
      told.add(statuses.ofPolicy(each, users(each, joined)));
    }
    backends.retainUsed();
    return new Plan(revision(gateways, joined), sites, told);
  }

  private static boolean isOwn(Struct gatewayClass) {
    return gatewayClass.string("spec", "controllerName").equals(GatewayApi.CONTROLLER);
  }

  /// None is without a listener.
  private Map<ObjectKey, List<GatewayListener>> listeners(List<Struct> gateways, Grants grants) {
    GatewayListeners reading =
        new GatewayListeners(grants, key -> certificates.of(key, cluster.secret(key)));
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

  private List<Placed> routes(Map<ObjectKey, List<GatewayListener>> listeners) {
    Attachments attachments = new Attachments(listeners, cluster::labels);
    List<Placed> all = new ArrayList<>();
    for (ApiResource resource : GatewayResources.ROUTES) {
      for (Struct route : cluster.routes(resource)) {
        all.add(new Placed(resource, route, List.of(), List.of()));
      }
    }
    all.sort(Comparator.comparing(Placed::route, Age.OLDEST_FIRST));
    List<Placed> placed = new ArrayList<>();
    for (Placed each : all) {
      List<Attachments.Joined> joined = new ArrayList<>();
      List<Attachments.Parent> parents =
          attachments.of(each.route(), each.resource().kind(), joined);
      placed.add(new Placed(each.resource(), each.route(), parents, joined));
    }
    return placed;
  }

  /// The Gateways by which requests come to what a policy is for.
  private static List<ObjectKey> users(TlsPolicies.Policy policy, List<Attachments.Joined> joined) {
    List<ObjectKey> services = policy.services();
    List<ObjectKey> users = new ArrayList<>();
    for (Attachments.Joined each : joined) {
      String own = Meta.of(each.route()).namespace();
      boolean named =
          each.route().structs("spec", "rules").stream()
              .flatMap(rule -> rule.structs("backendRefs").stream())
              .map(
                  ref ->
                      new ObjectKey(
                          ref.has("namespace") ? ref.string("namespace") : own, ref.string("name")))
              .anyMatch(services::contains);
      ObjectKey gateway = ObjectKey.of(each.listener().gateway());
      if (named && !users.contains(gateway)) {
        users.add(gateway);
      }
    }
    return users;
  }

  private static String revision(List<Struct> gateways, List<Attachments.Joined> joined) {
    long newest = 0;
    for (Struct each : gateways) {
      newest = Math.max(newest, Meta.of(each).revision());
    }
    for (Attachments.Joined each : joined) {
      newest = Math.max(newest, Meta.of(each.route()).revision());
    }
    return Long.toString(newest);
  }
}
