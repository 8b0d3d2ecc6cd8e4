package dev.tiphys.controllers.reload;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Rolls the workloads of one kind when a ConfigMap or Secret changes that they follow ([Wish]).
///
/// It changes an annotation of the Pod template, and what rolls a workload does the rest. What was
/// there when a workload was first seen rolls nothing, and neither does an object that goes or that
/// is new.
///
/// Cost: nothing for workloads that do not ask for it.
public final class ReloadController implements Component {

  public static final String NAME = "reload-controller";

  private static final String TEMPLATE_ANNOTATION = "reload.tiphys.dev/content";
  private static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

  private final World world;
  private final Api api;
  private final ApiResource resource;
  private final Informer workloads;
  private final Informer configMaps;
  private final Informer secrets;
  private final ObjectIndex followers;
  private final EventRecorder events;
  private final Controller controller;

  /// @param resource Deployments, StatefulSets or DaemonSets
  public ReloadController(World world, Api api, ClusterView cluster, ApiResource resource) {
    this.world = world;
    this.api = api;
    this.resource = resource;
    this.workloads = cluster.of(resource);
    this.configMaps = cluster.of(ApiResource.CONFIG_MAPS);
    this.secrets = cluster.of(ApiResource.SECRETS);
    this.events = new EventRecorder(world, api, NAME, "");
    this.controller = new Controller("reload-" + resource.plural(), world, 1, this::reconcile);
    this.followers = workloads.index(ReloadController::followed);
    workloads.listen(
        Informer.Listener.ofAll(
            workload -> {
              if (!Wish.of(workload).isNone()) {
                controller.enqueue(workload);
              }
            }));
    configMaps.listen(Informer.Listener.ofAll(object -> changed(Source.Kind.CONFIG_MAP, object)));
    secrets.listen(Informer.Listener.ofAll(object -> changed(Source.Kind.SECRET, object)));
  }

  private static List<String> followed(Struct workload) {
    String namespace = Meta.of(workload).namespace();
    return all(Wish.of(workload)).stream().map(source -> namespace + "/" + source).toList();
  }

  private static Set<Source> all(Wish wish) {
    Set<Source> all = new LinkedHashSet<>(wish.always());
    all.addAll(wish.ifMarked());
    return all;
  }

  private void changed(Source.Kind kind, Struct object) {
    Source source = new Source(kind, Meta.of(object).name());
    for (Struct workload : followers.with(Meta.of(object).namespace() + "/" + source)) {
      controller.queue().add(ObjectKey.of(workload), Meta.of(object).revision());
    }
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct workload = workloads.find(key);
    Wish wish = workload == null ? null : Wish.of(workload);
    if (workload == null || wish == null || wish.isNone() || Meta.of(workload).isBeingDeleted()) {
      return Outcome.DONE;
    }
    Map<Source, Struct> present = present(key.namespace(), wish);
    Memory before = Memory.of(workload);
    Memory now = before.after(present, all(wish));
    if (now.equals(before)) {
      return Outcome.DONE;
    }
    List<Source> changed = before.changed(present);
    try {
      api.patch(
          resource,
          key.namespace(),
          key.name(),
          "",
          PatchType.MERGE,
          patch(workload, wish, now, !changed.isEmpty()));
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND)) {
        return Outcome.DONE;
      }
      throw e;
    }
    changed.forEach(source -> tell(workload, source));
    return Outcome.DONE;
  }

  /// The objects that a workload follows and that are there.
  private Map<Source, Struct> present(String namespace, Wish wish) {
    Map<Source, Struct> present = new LinkedHashMap<>();
    for (Source source : all(wish)) {
      Struct object =
          (source.kind() == Source.Kind.SECRET ? secrets : configMaps)
              .find(namespace, source.name());
      if (object != null && wish.follows(source, object)) {
        present.put(source, object);
      }
    }
    return present;
  }

  /// Of the state that was looked at only: a workload that was changed meanwhile is looked at anew.
  private Struct patch(Struct workload, Wish wish, Memory now, boolean rolls) {
    Struct patch =
        Struct.of(
            "metadata",
            Struct.of(
                "resourceVersion",
                Meta.of(workload).resourceVersion(),
                "annotations",
                Struct.of(Memory.ANNOTATION, now.contents().toString())));
    if (!rolls) {
      return patch;
    }
    Struct annotation =
        wish.restarts()
            ? Struct.of(RESTARTED_AT, Timestamps.seconds(world.now()))
            : Struct.of(TEMPLATE_ANNOTATION, now.hash());
    return patch.withAt(annotation, "spec", "template", "metadata", "annotations");
  }

  private void tell(Struct workload, Source source) {
    String kind = source.kind() == Source.Kind.SECRET ? "SECRET" : "CONFIGMAP";
    String namespace = Meta.of(workload).namespace();
    events.normal(
        workload,
        "Reloaded",
        "Changes detected in '%s' of type '%s' in namespace '%s', Updated '%s' of type '%s' in namespace '%s'"
            .formatted(
                source.name(),
                kind,
                namespace,
                Meta.of(workload).name(),
                resource.kind(),
                namespace));
  }

  @Override
  public void close() {
    controller.close();
    events.close();
  }
}
