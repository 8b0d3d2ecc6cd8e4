package dev.tiphys.controllers.garbage;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Cause;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.client.controller.WorkQueue;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.ResourceWatch;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// Watches everything that can be deleted, and lets the [Reaper] look at what changes in the
/// [Graph] of owners and dependents.
///
/// Cost: see [Reaper]. Memory: see [Graph].
public final class GarbageCollector implements Component {

  private static final System.Logger LOG = System.getLogger(GarbageCollector.class.getName());
  private static final String NAME = "generic-garbage-collector";
  private static final Duration DISCOVERY_PERIOD = Duration.ofSeconds(30);

  private final World world;
  private final GarbageMetrics metrics;
  private final Api api;
  private final int workers;
  private final EventRecorder events;
  private final Graph graph = new Graph();
  private final Reaper reaper;
  private final WorkQueue<Work> queue;
  private final Map<ApiResource, ResourceWatch> watches = new LinkedHashMap<>();
  private final List<SupervisedTask> tasks = new CopyOnWriteArrayList<>();
  private volatile Kinds kinds = new Kinds(List.of());

  public GarbageCollector(World world, Api api, GarbageMetrics metrics, int workers) {
    this.metrics = metrics;
    this.world = world;
    this.api = api;
    this.workers = workers;
    this.events = new EventRecorder(world, api, "garbage-collector-controller", "");
    this.queue = new WorkQueue<>(NAME, world, RetryPolicy.DEFAULT);
    this.reaper =
        new Reaper(
            api, graph, events, owner -> kinds.of(owner), work -> add(work, Cause.revision()));
  }

  @Override
  public void start() {
    tasks.add(world.supervisor().start(NAME, this::run));
  }

  /// Before the first look everything must have been seen once, or owners would be missed that only
  /// have not been listed yet.
  private void run() throws InterruptedException {
    discover();
    for (ResourceWatch watch : List.copyOf(watches.values())) {
      watch.awaitListed(DISCOVERY_PERIOD);
    }
    while (tasks.size() <= workers) {
      tasks.add(world.supervisor().start(NAME + "-" + tasks.size(), this::work));
    }
    while (true) {
      world.background().sleep(DISCOVERY_PERIOD);
      discover();
    }
  }

  private void discover() {
    Kinds served;
    try {
      served = Kinds.of(api.discover(), kinds);
    } catch (ApiException e) {
      metrics.undiscovered();
      LOG.log(Level.WARNING, "discovery failed: error={0}", e.message());
      return;
    }
    Set<ApiResource> before = Set.copyOf(watches.keySet());
    Set<ApiResource> now = new HashSet<>(served.all());
    if (now.equals(before)) {
      return;
    }
    kinds = served;
    synchronized (watches) {
      before.stream().filter(resource -> !now.contains(resource)).forEach(this::forget);
      now.stream()
          .filter(resource -> !before.contains(resource))
          .forEach(
              resource ->
                  watches.put(
                      resource,
                      new ResourceWatch(world, api.ofMetadata(), resource, "", listener).start()));
    }
    // References that led nowhere may lead somewhere now.
    add(graph.lookAtAll(), 0);
  }

  private void forget(ApiResource resource) {
    ResourceWatch watch = watches.remove(resource);
    if (watch != null) {
      watch.close();
    }
    graph.forget(resource);
  }

  private final ResourceWatch.Listener listener =
      new ResourceWatch.Listener() {
        @Override
        public void exists(ApiResource resource, Struct object) {
          add(graph.put(Node.of(resource, object)), Meta.of(object).revision());
        }

        @Override
        public void gone(ApiResource resource, Struct last) {
          add(graph.remove(Meta.of(last).uid()), Meta.of(last).revision());
        }

        @Override
        public void listed(ApiResource resource, Set<String> uids) {
          add(graph.retain(resource, uids), 0);
        }
      };

  private void add(List<Work> work, long cause) {
    work.forEach(each -> queue.add(each, cause));
  }

  private void work() throws InterruptedException {
    for (var item = queue.take(); item != null; item = queue.take()) {
      Work work = item.key();
      try {
        Cause.during(item.cause(), () -> attempt(work));
      } finally {
        queue.done(work);
      }
    }
  }

  private void attempt(Work work) {
    try {
      switch (work) {
        case Work.Look(String uid) -> reaper.look(uid);
        case Work.Orphan(String uid) -> reaper.orphan(uid);
      }
      queue.forget(work);
    } catch (ApiException e) {
      if (!e.is(Reason.CONFLICT)) {
        LOG.log(Level.WARNING, "collecting failed: work={0} error={1}", work, e.message());
      }
      queue.addBackingOff(work);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "collecting failed: work=" + work, e);
      queue.addBackingOff(work);
    }
  }

  @Override
  public void close() {
    queue.close();
    SupervisedTask.closeAll(tasks);
    synchronized (watches) {
      watches.values().forEach(ResourceWatch::close);
    }
    events.close();
  }
}
