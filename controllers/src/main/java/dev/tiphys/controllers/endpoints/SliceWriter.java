package dev.tiphys.controllers.endpoints;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.controllers.common.Expectations;
import dev.tiphys.controllers.common.PodWriter;
import dev.tiphys.controllers.endpoints.SlicePlan.Group;
import dev.tiphys.controllers.endpoints.SlicePlan.Step;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;

/// The EndpointSlices that one controller keeps, and how they are changed.
///
/// Threads: any, one for each Service at a time.
final class SliceWriter {
  static final String SERVICE_NAME = "kubernetes.io/service-name";
  private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";

  private final Api api;
  private final String manager;
  private final ObjectIndex slices;
  private final Expectations expectations;

  /// Is told of a Service whose slices have changed.
  interface Enqueue {
    void enqueue(ObjectKey service, long revision);
  }

  /// Of what slices are made, and to what they belong.
  ///
  /// @param labels beside those that tell of the Service and the controller
  /// @param trigger when that happened for which slices are written; empty if that is not told
  record Parent(Struct object, Struct labels, Struct annotations, String trigger) {}

  /// @param manager by which the controller's slices are known
  /// @param informer of all slices
  SliceWriter(World world, Api api, String manager, Informer informer, Enqueue changed) {
    this.api = api;
    this.manager = manager;
    this.expectations = new Expectations(world);
    this.slices =
        informer.index(slice -> isOurs(slice) ? List.of(service(slice).toString()) : List.of());
    informer.listen(new SliceListener(changed));
  }

  private boolean isOurs(Struct slice) {
    return Meta.of(slice).label(MANAGED_BY).equals(manager);
  }

  private static ObjectKey service(Struct slice) {
    return new ObjectKey(Meta.of(slice).namespace(), Meta.of(slice).label(SERVICE_NAME));
  }

  private final class SliceListener implements Informer.Listener {
    private final Enqueue changed;

    SliceListener(Enqueue changed) {
      this.changed = changed;
    }

    @Override
    public void added(Struct slice) {
      expectations.seen(service(slice), Meta.of(slice).uid());
      changed(slice);
    }

    @Override
    public void updated(Struct before, Struct now) {
      changed(before);
      changed(now);
    }

    @Override
    public void deleted(Struct last) {
      expectations.leaving(Meta.of(last).uid());
      changed(last);
    }

    private void changed(Struct slice) {
      if (isOurs(slice)) {
        changed.enqueue(service(slice), Meta.of(slice).revision());
      }
    }
  }

  /// The slices of a Service that are known.
  List<Struct> of(ObjectKey service) {
    return slices.with(service.toString());
  }

  /// How long to wait until what was done last is known; zero if it is.
  Duration wait(ObjectKey service) {
    return expectations.wait(service);
  }

  /// Changes the slices of a Service as is planned.
  void write(ObjectKey service, Parent parent, List<Step> steps) {
    steps.forEach(step -> apply(service, parent, step));
  }

  /// Removes all slices of a Service.
  void delete(ObjectKey service) {
    of(service).forEach(slice -> delete(service, Meta.of(slice)));
  }

  private void apply(ObjectKey service, Parent parent, Step step) {
    switch (step) {
      case Step.Create(Group group, List<Struct> endpoints) ->
          create(service, parent, group, endpoints);
      case Step.Update(Struct slice, List<Struct> endpoints) -> {
        // A slice without places may have a null where the list would be: that is no difference.
        Struct held =
            slice.structs("endpoints").equals(endpoints)
                ? slice
                : slice.with("endpoints", List.copyOf(endpoints));
        Struct next = held.withAt(labels(service, parent), "metadata", "labels");
        next =
            parent.annotations().isEmpty()
                ? next.withoutAt("metadata", "annotations")
                : next.withAt(parent.annotations(), "metadata", "annotations");
        if (!next.equals(TriggerTimes.without(slice))) {
          api.update(ApiResource.ENDPOINT_SLICES, TriggerTimes.annotated(next, parent.trigger()));
        }
      }
      case Step.Delete(Struct slice) -> delete(service, Meta.of(slice));
    }
  }

  private Struct labels(ObjectKey service, Parent parent) {
    return StructBuilder.from(parent.labels())
        .add(SERVICE_NAME, service.name())
        .add(MANAGED_BY, manager)
        .build();
  }

  private void create(ObjectKey service, Parent parent, Group group, List<Struct> endpoints) {
    Struct metadata =
        new StructBuilder()
            .add("generateName", service.name() + "-")
            .add("namespace", service.namespace())
            .add("labels", labels(service, parent))
            .addUnlessEmpty("annotations", parent.annotations())
            .add("ownerReferences", List.of(Meta.of(parent.object()).asController()))
            .build();
    Struct slice =
        new StructBuilder()
            .add("apiVersion", ApiResource.ENDPOINT_SLICES.apiVersion())
            .add("kind", ApiResource.ENDPOINT_SLICES.kind())
            .add("metadata", metadata)
            .add("addressType", group.family())
            .add("endpoints", endpoints)
            .add("ports", group.ports())
            .build();
    expectations.creating(service);
    try {
      Struct created =
          api.create(ApiResource.ENDPOINT_SLICES, TriggerTimes.annotated(slice, parent.trigger()));
      expectations.created(service, Meta.of(created).uid());
    } catch (ApiException e) {
      expectations.notCreated(service);
      if (!PodWriter.isNamespaceEnding(e)) {
        throw e;
      }
    }
  }

  private void delete(ObjectKey service, Meta slice) {
    expectations.deleting(service, slice.uid());
    try {
      api.delete(
          ApiResource.ENDPOINT_SLICES,
          slice.namespace(),
          slice.name(),
          DeleteOptions.DEFAULT.ofUid(slice.uid()));
    } catch (ApiException e) {
      expectations.leaving(slice.uid());
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }
}
