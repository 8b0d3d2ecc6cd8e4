package dev.tiphys.network.dns;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.network.dns.message.Name;
import dev.tiphys.network.dns.message.Query;
import dev.tiphys.network.dns.message.Type;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Knows along which lists of domains the Pods of this node look for names.
///
/// A Pod that looks for `www.example.com` asks for it in each domain of its list before it asks for
/// the name itself: its file says `ndots:5`. The first of these questions can be answered with the
/// end of the walk, if it is certain that there is a walk: the client is a Pod of this node that
/// has the usual list, and asks in its own namespace for a name that nothing of the cluster can
/// have.
///
/// Threads: any.
final class Walks implements AutoCloseable {

  /// Names below a namespace have at most a host and a Service; more come from walks only.
  private static final int LEAST_LABELS = 3;

  /// Names with as many dots as this are looked for as they are: `ndots:5`.
  private static final int MOST_DOTS = 5;

  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  private final Informer pods;
  private final ObjectIndex byAddress;
  private final Name zone;
  private final Name services;

  Walks(World world, Api api, DnsSettings settings) {
    this.zone = Name.of(settings.domain());
    this.services = zone.child("svc");
    this.pods =
        new Informer(
            world,
            api,
            ApiResource.PODS,
            "",
            ListOptions.withFields("spec.nodeName=" + settings.node()));
    this.byAddress = pods.index(Walks::addressesOf);
  }

  private static List<String> addressesOf(Struct pod) {
    if (ENDED.contains(pod.string("status", "phase")) || pod.bool("spec", "hostNetwork")) {
      return List.of();
    }
    return pod.structs("status", "podIPs").stream().map(each -> each.string("ip")).toList();
  }

  void start() {
    pods.start();
  }

  /// What a client looks for that asks for a name which is not there; null if it is that name.
  @Nullable Name goal(Query query, InetAddress client) {
    if (query.dnssec()
        || query.checkingDisabled()
        || query.type() != Type.A && query.type() != Type.AAAA
        || !query.name().isIn(services)) {
      return null;
    }
    Name below = query.name().relativeTo(services);
    if (below.labels() <= LEAST_LABELS || below.first().startsWith("_")) {
      return null;
    }
    Name namespace = namespaceOf(client);
    return namespace != null && below.isIn(namespace) ? below.relativeTo(namespace) : null;
  }

  /// The namespace of a client with the usual list; null if it is none.
  private @Nullable Name namespaceOf(InetAddress client) {
    List<Struct> clients = byAddress.with(client.getHostAddress());
    Struct pod = clients.size() == 1 ? clients.getFirst() : null;
    return pod != null && hasUsualList(pod) ? Name.of(Meta.of(pod).namespace()) : null;
  }

  /// The names of the cluster that a short name stands for, if the client is to walk but has not:
  /// some look only for names without a dot along their lists. The name is not there as it is.
  List<Name> meant(Query query, InetAddress client) {
    int labels = query.name().labels();
    if (query.dnssec()
        || query.type() != Type.A && query.type() != Type.AAAA
        || labels < 2
        || labels > MOST_DOTS) {
      return List.of();
    }
    Name namespace = namespaceOf(client);
    Name own = namespace == null ? null : namespace.in(services);
    List<Name> names = new ArrayList<>();
    for (Name each : own == null ? List.<Name>of() : List.of(own, services, zone)) {
      Name name = query.name().in(each);
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  private static boolean hasUsualList(Struct pod) {
    String policy = pod.string("spec", "dnsPolicy");
    return (policy.isEmpty() || policy.equals("ClusterFirst")) && !pod.has("spec", "dnsConfig");
  }

  /// The names that the client would ask for next, up to the one that it looks for.
  ///
  /// @param domains where the machine itself looks for names, which end the list of its Pods
  List<Name> next(Name goal, List<Name> domains) {
    List<Name> lists = new ArrayList<>(List.of(services, zone));
    lists.addAll(domains);
    List<Name> names = new ArrayList<>();
    for (Name each : lists) {
      Name name = goal.in(each);
      if (name != null) {
        names.add(name);
      }
    }
    names.add(goal);
    return names;
  }

  @Override
  public void close() {
    pods.close();
  }
}
