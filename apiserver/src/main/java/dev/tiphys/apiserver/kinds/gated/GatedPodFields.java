package dev.tiphys.apiserver.kinds.gated;

import dev.tiphys.apiserver.registry.Allocation;
import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Drops what Pods, and templates of them, say about features that are off; for the rest it is the
/// strategy that it stands before.
public final class GatedPodFields implements Strategy {

  private static final Drops GROUP = new Drops(List.of("schedulingGroup"));

  private final FeatureGates gates;
  private final Strategy rest;
  private final String[] place;

  /// @param place where the spec of the Pods is
  private GatedPodFields(FeatureGates gates, Strategy rest, String... place) {
    this.gates = gates;
    this.rest = rest;
    this.place = place;
  }

  /// Stands before the strategy of a resource, if that has Pods or templates of them.
  ///
  /// @param gates which features are on
  public static Strategy before(String groupResource, Strategy rest, FeatureGates gates) {
    return switch (groupResource) {
      case "pods" -> new GatedPodFields(gates, rest, "spec");
      case "podtemplates" -> new GatedPodFields(gates, rest, "template", "spec");
      case "replicationcontrollers",
          "daemonsets.apps",
          "deployments.apps",
          "replicasets.apps",
          "statefulsets.apps",
          "jobs.batch" ->
          new GatedPodFields(gates, rest, "spec", "template", "spec");
      case "cronjobs.batch" ->
          new GatedPodFields(gates, rest, "spec", "jobTemplate", "spec", "template", "spec");
      default -> rest;
    };
  }

  private Struct dropped(Struct object, Struct old) {
    Struct spec = object.struct(place);
    Struct before = old.struct(place);
    Struct left = gates.isOn(FeatureGates.GENERIC_WORKLOAD) ? spec : GROUP.from(spec, before);
    left = GatedProjections.dropped(left, before, gates);
    return left == spec ? object : object.withAt(left, place);
  }

  @Override
  public Struct prepareForCreate(Call call, Struct object) {
    return rest.prepareForCreate(call, dropped(object, Struct.EMPTY));
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct object, Struct old) {
    return rest.prepareForUpdate(call, dropped(object, old), old);
  }

  @Override
  public Struct prepareForStatusUpdate(Call call, Struct object, Struct old) {
    return rest.prepareForStatusUpdate(call, object, old);
  }

  @Override
  public Allocation allocate(Call call, Struct object, @Nullable Struct old) {
    return rest.allocate(call, object, old);
  }

  @Override
  public Struct deleting(Struct object) {
    return rest.deleting(object);
  }

  @Override
  public long gracePeriod(Struct object, @Nullable Long requested) {
    return rest.gracePeriod(object, requested);
  }

  @Override
  public Struct terminating(Struct object) {
    return rest.terminating(object);
  }

  @Override
  public @Nullable String selectable(Struct object, String field) {
    return rest.selectable(object, field);
  }

  @Override
  public long lease(Struct object) {
    return rest.lease(object);
  }

  @Override
  public void deleted(Struct last) {
    rest.deleted(last);
  }
}
