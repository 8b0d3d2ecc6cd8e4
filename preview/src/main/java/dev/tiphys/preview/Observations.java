package dev.tiphys.preview;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Notes what happens in a fork: to Pods, claims and volumes, and for how long budgets are broken
/// and Services are without a Pod that could answer.
///
/// Threads: the world's tasks while it is driven; the one that drives it otherwise.
final class Observations implements AutoCloseable {

  private static final List<ApiResource> OWNERS =
      List.of(
          ApiResource.DEPLOYMENTS,
          ApiResource.STATEFUL_SETS,
          ApiResource.DAEMON_SETS,
          ApiResource.JOBS,
          ApiResource.CRON_JOBS,
          ApiResource.REPLICA_SETS,
          ApiResource.REPLICATION_CONTROLLERS);

  private final VirtualWorld world;
  private final Informers informers;
  private final Informer pods;
  private final Informer slices;
  private final Map<String, ApiResource> kinds = new HashMap<>();
  private final Map<String, PodStory> stories = new LinkedHashMap<>();
  private final Map<String, Struct> parents = new HashMap<>();
  private final List<Struct> steps = new ArrayList<>();
  private final List<Struct> lostData = new ArrayList<>();
  private final Set<Struct> warnings = new LinkedHashSet<>();
  private final Spans budgets = new Spans();
  private final Spans outages = new Spans();
  private final Set<String> served = new LinkedHashSet<>();
  private boolean begun;
  private long origin;
  private Duration last = Duration.ZERO;

  Observations(Fork fork) {
    this.world = fork.world();
    this.informers = new Informers(world, fork.api());
    this.pods = informers.of(ApiResource.PODS);
    this.slices = informers.of(ApiResource.ENDPOINT_SLICES);
    OWNERS.forEach(owner -> kinds.put(owner.kind(), owner));
    for (ApiResource owner : OWNERS) {
      informers.of(owner).listen(Informer.Listener.ofAll(each -> parent(owner, each)));
    }
    informers.of(ApiResource.PODS).listen(new OfPods());
    informers.of(ApiResource.PERSISTENT_VOLUME_CLAIMS).listen(new OfStorage("claim"));
    informers.of(ApiResource.PERSISTENT_VOLUMES).listen(new OfStorage("volume"));
    informers.of(ApiResource.POD_DISRUPTION_BUDGETS).listen(Informer.Listener.ofAll(this::budget));
    slices.listen(Informer.Listener.ofAll(this::slice));
    informers.of(ApiResource.EVENTS).listen(Informer.Listener.ofAll(this::event));
  }

  /// Begins to know the fork.
  void start() {
    informers.start();
    world.settle();
  }

  /// From now on what happens is noted.
  void begin() {
    begun = true;
    origin = world.nanoTime();
    for (Struct pod : pods.list()) {
      PodStory story = stories.get(Meta.of(pod).uid());
      if (story != null) {
        story.begin(Meta.isTrue(pod, "Ready"));
      }
    }
    warnings.clear();
    budgets.forget();
    outages.forget();
  }

  private Duration now() {
    return Duration.ofNanos(world.nanoTime() - origin);
  }

  private void step(String what, Struct object, String note) {
    if (!begun) {
      return;
    }
    last = now();
    Meta meta = Meta.of(object);
    steps.add(
        new StructBuilder()
            .add("at", Spans.text(last))
            .add("what", what)
            .addUnlessEmpty("namespace", meta.namespace())
            .add("name", meta.name())
            .addUnlessEmpty("note", note)
            .build());
  }

  private final class OfPods implements Informer.Listener {

    @Override
    public void added(Struct pod) {
      PodStory story = new PodStory(pod, () -> owner(pod), !begun);
      stories.put(Meta.of(pod).uid(), story);
      if (begun) {
        story.created(now());
        step("pod created", pod, "");
        changed(story, Struct.EMPTY, pod);
      }
    }

    @Override
    public void updated(Struct before, Struct pod) {
      PodStory story = stories.get(Meta.of(pod).uid());
      if (story != null && begun) {
        changed(story, before, pod);
      }
    }

    @Override
    public void deleted(Struct pod) {
      PodStory story = stories.get(Meta.of(pod).uid());
      if (story != null && begun) {
        ends(story, pod);
        step("pod gone", pod, "");
      }
    }

    private void changed(PodStory story, Struct before, Struct pod) {
      if (!before.isEmpty()
          && !pod.string("spec", "nodeName").equals(before.string("spec", "nodeName"))) {
        step("pod placed", pod, "on " + pod.string("spec", "nodeName"));
      }
      boolean was = Meta.isTrue(before, "Ready");
      boolean is = Meta.isTrue(pod, "Ready");
      if (is && !was) {
        story.ready(now());
        step("pod ready", pod, "");
      }
      String phase = pod.string("status", "phase");
      if (!phase.equals(before.string("status", "phase"))
          && (phase.equals("Failed") || phase.equals("Succeeded"))) {
        step("pod " + (phase.equals("Failed") ? "failed" : "done"), pod, "");
      }
      String waits = waiting(pod);
      if (!waits.isEmpty() && !waits.equals(waiting(before))) {
        step("pod waits", pod, waits);
      }
      if (Meta.of(pod).isBeingDeleted() && !Meta.of(before).isBeingDeleted()) {
        ends(story, pod);
        step("pod stops", pod, story.disruption().string("message"));
      }
    }

    private void ends(PodStory story, Struct pod) {
      story.ends(pod, now());
    }
  }

  /// What containers of a Pod wait for, beside being made.
  static String waiting(Struct pod) {
    for (Struct status : pod.structs("status", "containerStatuses")) {
      Struct waiting = status.struct("state", "waiting");
      String reason = waiting.string("reason");
      boolean usual = reason.isEmpty() || reason.equals("PodInitializing");
      if (!usual && !(reason.equals("ContainerCreating") && waiting.string("message").isEmpty())) {
        return reason + ": " + waiting.string("message");
      }
    }
    return "";
  }

  /// Claims and volumes: with them goes what is on them.
  private final class OfStorage implements Informer.Listener {
    private final String what;

    OfStorage(String what) {
      this.what = what;
    }

    @Override
    public void added(Struct object) {
      step(what + " created", object, "");
    }

    @Override
    public void deleted(Struct object) {
      step(what + " gone", object, "");
      if (begun) {
        Meta meta = Meta.of(object);
        lostData.add(
            new StructBuilder()
                .add("kind", what)
                .addUnlessEmpty("namespace", meta.namespace())
                .add("name", meta.name())
                .addUnlessEmpty("volume", object.string("spec", "volumeName"))
                .addUnlessEmpty(
                    "reclaimPolicy", object.string("spec", "persistentVolumeReclaimPolicy"))
                .build());
      }
    }
  }

  private void budget(Struct budget) {
    Meta meta = Meta.of(budget);
    long healthy = budget.integer("status", "currentHealthy");
    long desired = budget.integer("status", "desiredHealthy");
    Struct wrong =
        healthy >= desired
            ? Struct.EMPTY
            : new StructBuilder()
                .add("namespace", meta.namespace())
                .add("name", meta.name())
                .add("healthy", healthy)
                .add("desired", desired)
                .build();
    budgets.note(meta.key().toString(), wrong, now());
  }

  /// Only of Services that had a ready Pod once is it told that they have none.
  private void slice(Struct changed) {
    String service = changed.string("metadata", "labels", "kubernetes.io/service-name");
    String namespace = Meta.of(changed).namespace();
    boolean answers =
        slices.list(namespace).stream()
            .filter(
                slice ->
                    slice
                        .string("metadata", "labels", "kubernetes.io/service-name")
                        .equals(service))
            .flatMap(slice -> slice.structs("endpoints").stream())
            .anyMatch(endpoint -> endpoint.bool("conditions", "ready"));
    String key = namespace + "/" + service;
    if (answers) {
      served.add(key);
    }
    Struct wrong =
        answers || !served.contains(key)
            ? Struct.EMPTY
            : Struct.of("namespace", namespace, "name", service);
    outages.note(key, wrong, now());
  }

  private void event(Struct event) {
    if (begun && event.string("type").equals("Warning")) {
      Struct object = event.struct("involvedObject");
      warnings.add(
          new StructBuilder()
              .add("kind", object.string("kind"))
              .addUnlessEmpty("namespace", object.string("namespace"))
              .add("name", object.string("name"))
              .add("reason", event.string("reason"))
              .add("message", event.string("message"))
              .build());
    }
  }

  private void parent(ApiResource resource, Struct object) {
    Struct above = Meta.of(object).controller();
    if (above != null) {
      Meta meta = Meta.of(object);
      parents.put(meta.namespace() + "/" + resource + "/" + meta.name(), above);
    }
  }

  /// What a Pod belongs to in the end, as far as that is known.
  private String owner(Struct pod) {
    Meta meta = Meta.of(pod);
    String name = "pods/" + meta.name();
    Struct above = meta.controller();
    while (above != null) {
      ApiResource kind = kinds.get(above.string("kind"));
      name = (kind == null ? above.string("kind") : kind) + "/" + above.string("name");
      above = parents.get(meta.namespace() + "/" + name);
    }
    return name;
  }

  /// Everything that happened, in order: `at`, `what`, the object, `note`.
  List<Struct> steps() {
    return List.copyOf(steps);
  }

  /// When the last of it happened.
  Duration last() {
    return last;
  }

  List<PodStory> stories() {
    return List.copyOf(stories.values());
  }

  /// The Pods that are there now.
  List<Struct> pods() {
    return pods.list();
  }

  /// The workload that goes by a name of [PodStory#owner]; null if it is not there any more.
  @Nullable Struct workload(String namespace, String owner) {
    int slash = owner.indexOf('/');
    for (ApiResource kind : OWNERS) {
      if (kind.toString().equals(owner.substring(0, slash))) {
        return informers.of(kind).find(namespace, owner.substring(slash + 1));
      }
    }
    return null;
  }

  /// The claims and volumes that are gone.
  List<Struct> lostData() {
    return List.copyOf(lostData);
  }

  /// What parts of the cluster warned of in Events, of one object the newest only of each reason.
  List<Struct> warnings() {
    Map<String, Struct> newest = new TreeMap<>();
    for (Struct each : warnings) {
      newest.put(
          each.string("kind")
              + each.string("namespace")
              + "/"
              + each.string("name")
              + each.string("reason"),
          each);
    }
    return List.copyOf(newest.values());
  }

  List<Struct> brokenBudgets() {
    return budgets.all();
  }

  List<Struct> outages() {
    return outages.all();
  }

  @Override
  public void close() {
    informers.close();
  }
}
