package dev.tiphys.client.defaults;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// Keeps the EndpointSlices by which a Service is found in this process, for as long as that runs.
///
/// A Service that selects Pods belongs to another program: it has none of these slices.
///
/// Threads: any.
public final class ServedHere implements AutoCloseable {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";
  private static final Duration RETRY = Duration.ofMillis(200);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  private final World world;
  private final Api api;
  private final ObjectKey name;
  private final Supplier<List<Struct>> wanted;
  private final Informer service;
  private final Informer slices;
  private final Gate changed;
  private final SupervisedTask task;

  /// @param service which Service; there may be none yet
  /// @param wanted the slices that there are to be; asked again after each [#look()]
  public ServedHere(World world, Api api, ObjectKey service, Supplier<List<Struct>> wanted) {
    this.world = world;
    this.api = api;
    this.name = service;
    this.wanted = wanted;
    this.changed = world.background().gate();
    this.service =
        new Informer(
            world,
            api,
            ApiResource.SERVICES,
            service.namespace(),
            ListOptions.withFields("metadata.name=" + service.name()));
    this.slices =
        new Informer(
            world,
            api,
            ApiResource.ENDPOINT_SLICES,
            service.namespace(),
            ListOptions.withLabels(SERVICE_NAME + "=" + service.name()));
    for (Informer each : List.of(this.service, slices)) {
      each.listen(Informer.Listener.ofAll(_ -> look()));
    }
    this.task = world.supervisor().task("served-here-" + service.name(), OnFailure.RESTART);
  }

  /// Begins to keep them, in the background.
  public ServedHere start() {
    service.start();
    slices.start();
    task.start(this::run);
    return this;
  }

  /// Looks again: other slices may be wanted.
  public void look() {
    changed.open();
  }

  private void run() throws InterruptedException {
    service.awaitSynced();
    slices.awaitSynced();
    Duration pause = RETRY;
    while (true) {
      try {
        ensure();
        task.problem("");
        pause = RETRY;
        changed.await();
      } catch (ApiException e) {
        task.problem("the endpoints of " + name + " cannot be written: " + e.message());
        world.background().sleep(pause);
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_RETRY) < 0 ? twice : LONGEST_RETRY;
      }
    }
  }

  private void ensure() {
    Struct present = service.find(name);
    if (present == null) {
      return; // slices without a Service would be of no use
    }
    if (present.has("spec", "selector")) {
      remove();
      return;
    }
    wanted.get().forEach(this::ensure);
  }

  private void ensure(Struct slice) {
    Struct present = slices.find(name.namespace(), Meta.of(slice).name());
    if (present == null) {
      create(slice);
    } else if (!isAs(present, slice)) {
      api.update(
          ApiResource.ENDPOINT_SLICES,
          slice.withAt(Meta.of(present).resourceVersion(), "metadata", "resourceVersion"));
    }
  }

  /// It may have been made by an earlier process, and not be known yet.
  private void create(Struct slice) {
    try {
      api.create(ApiResource.ENDPOINT_SLICES, slice);
    } catch (ApiException e) {
      if (!e.is(Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
  }

  private static boolean isAs(Struct present, Struct wanted) {
    return present.list("endpoints").equals(wanted.list("endpoints"))
        && present.list("ports").equals(wanted.list("ports"))
        && Meta.of(present).labels().equals(Meta.of(wanted).labels())
        && Meta.of(present).owners().equals(Meta.of(wanted).owners());
  }

  private void remove() {
    for (Struct slice : wanted.get()) {
      if (slices.find(name.namespace(), Meta.of(slice).name()) != null) {
        delete(Meta.of(slice).name());
      }
    }
  }

  private void delete(String slice) {
    try {
      api.delete(ApiResource.ENDPOINT_SLICES, name.namespace(), slice, DeleteOptions.DEFAULT);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  /// Takes the slices away, so that no client asks here any more.
  @Override
  public void close() {
    task.close();
    try {
      remove();
    } catch (ApiException e) {
      // The API has ended before; the slices are taken over by the next process.
    }
    service.close();
    slices.close();
  }
}
