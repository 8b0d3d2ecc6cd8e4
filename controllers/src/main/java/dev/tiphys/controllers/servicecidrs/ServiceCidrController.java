package dev.tiphys.controllers.servicecidrs;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;

/// Lets ServiceCIDRs be used, and lets them go only when no Service has an address that is in none
/// of the others.
///
/// Cost of a reconcile: the addresses that Services have, for one that is being deleted.
public final class ServiceCidrController implements Component {

  /// The controller's account.
  public static final String NAME = "service-cidrs-controller";

  private static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";

  private final World world;
  private final Api api;
  private final Informer ranges;
  private final Informer addresses;
  private final Controller controller;

  public ServiceCidrController(World world, Api api, ClusterView cluster) {
    this.world = world;
    this.api = api;
    this.ranges = cluster.of(ApiResource.SERVICE_CIDRS);
    this.addresses = cluster.of(ApiResource.IP_ADDRESSES);
    this.controller = new Controller(NAME, world, 1, this::reconcile);
    ranges.listen(Informer.Listener.ofAll(_ -> lookAtAll()));
    addresses.listen(new AddressListener());
  }

  /// One range may hold what another one is waiting for to be held elsewhere.
  private void lookAtAll() {
    ranges.list().forEach(controller::enqueue);
  }

  private final class AddressListener implements Informer.Listener {
    @Override
    public void deleted(Struct last) {
      ranges.list().stream()
          .filter(range -> Meta.of(range).isBeingDeleted())
          .forEach(controller::enqueue);
    }
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct range = ranges.find(key);
    if (range == null) {
      return Outcome.DONE;
    }
    if (!Meta.of(range).isBeingDeleted()) {
      ready(withFinalizer(range));
    } else if (holds(range) && isNeeded(range)) {
      condition(
          range,
          "False",
          "Terminating",
          "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new"
              + " ServiceCIDR");
    } else if (holds(range)) {
      letGo(range);
    }
    return Outcome.DONE;
  }

  private static boolean holds(Struct range) {
    return range.struct("metadata").strings("finalizers").contains(FINALIZER);
  }

  private Struct withFinalizer(Struct range) {
    if (holds(range)) {
      return range;
    }
    List<String> all = new ArrayList<>(range.struct("metadata").strings("finalizers"));
    all.add(FINALIZER);
    return api.update(
        ApiResource.SERVICE_CIDRS, range.withAt(List.copyOf(all), "metadata", "finalizers"));
  }

  private void letGo(Struct range) {
    List<String> rest =
        range.struct("metadata").strings("finalizers").stream()
            .filter(finalizer -> !finalizer.equals(FINALIZER))
            .toList();
    api.update(ApiResource.SERVICE_CIDRS, range.withAt(rest, "metadata", "finalizers"));
  }

  private void ready(Struct range) {
    if (!Meta.isTrue(range, "Ready")) {
      condition(range, "True", "", "Kubernetes Service CIDR is ready");
    }
  }

  private void condition(Struct range, String status, String reason, String message) {
    Struct present = Meta.condition(range, "Ready");
    if (present != null
        && present.string("status").equals(status)
        && present.string("reason").equals(reason)) {
      return;
    }
    Struct condition =
        new StructBuilder()
            .add("type", "Ready")
            .add("status", status)
            .add("lastTransitionTime", Timestamps.seconds(world.now()))
            .add("reason", reason)
            .add("message", message)
            .build();
    api.update(
        ApiResource.SERVICE_CIDRS,
        range.withAt(List.of(condition), "status", "conditions"),
        "status");
  }

  /// Whether a Service has an address that only this range holds.
  private boolean isNeeded(Struct range) {
    List<Struct> others =
        ranges.list().stream()
            .filter(other -> other != range && !Meta.of(other).isBeingDeleted())
            .toList();
    return addresses.list().stream()
        .map(address -> Meta.of(address).name())
        .anyMatch(
            address ->
                contains(range, address) && others.stream().noneMatch(o -> contains(o, address)));
  }

  private static boolean contains(Struct range, String address) {
    IpAddress parsed = IpAddress.parse(address);
    return parsed != null
        && range.struct("spec").strings("cidrs").stream().anyMatch(cidr -> contains(cidr, parsed));
  }

  private static boolean contains(String cidr, IpAddress address) {
    int slash = cidr.indexOf('/');
    IpAddress network = IpAddress.of(cidr.substring(0, slash));
    int bits = Integer.parseInt(cidr.substring(slash + 1));
    return network.family() == address.family()
        && address.masked(bits).equals(network.masked(bits));
  }

  @Override
  public void close() {
    controller.close();
  }
}
