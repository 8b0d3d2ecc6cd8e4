package dev.tiphys.client.controller;

import dev.tiphys.client.Cause;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/// Runs a reconciler over a work queue, with some workers.
///
/// Each key is reconciled by one worker at a time, as a reaction to the newest revision it was
/// queued for ([Cause]). A reconciliation that throws is logged and tried again with back-off; a
/// conflict is not worth a log line, since the change that caused it is on its way here.
///
/// Threads: any.
public final class Controller implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Controller.class.getName());

  private final String name;
  private final World world;
  private final int workers;
  private final Reconciler reconciler;
  private final WorkQueue<ObjectKey> queue;
  private final List<SupervisedTask> tasks = new ArrayList<>();

  /// A controller with the usual policy for what fails.
  public Controller(String name, World world, int workers, Reconciler reconciler) {
    this(name, world, workers, RetryPolicy.DEFAULT, reconciler);
  }

  /// @param policy how long what failed waits until it is tried again
  public Controller(
      String name, World world, int workers, RetryPolicy policy, Reconciler reconciler) {
    this.name = name;
    this.world = world;
    this.workers = workers;
    this.reconciler = reconciler;
    this.queue = new WorkQueue<>(name, world, policy);
  }

  /// Where keys are put.
  public WorkQueue<ObjectKey> queue() {
    return queue;
  }

  /// Queues an object, as a reaction to its present state.
  public void enqueue(dev.tiphys.object.Struct object) {
    queue.add(ObjectKey.of(object), Meta.of(object).revision());
  }

  public void start() {
    for (int i = 0; i < workers; i++) {
      tasks.add(world.supervisor().start(name + "-" + i, this::work));
    }
  }

  private void work() throws InterruptedException {
    for (var item = queue.take(); item != null; item = queue.take()) {
      ObjectKey key = item.key();
      try {
        Cause.during(
            item.cause(),
            () -> {
              Outcome outcome = reconcile(key);
              settle(key, outcome); // what is done later is a reaction to the same revision
              return outcome;
            });
      } finally {
        queue.done(key);
      }
    }
  }

  private Outcome reconcile(ObjectKey key) throws InterruptedException {
    try {
      return reconciler.reconcile(key);
    } catch (ApiException e) {
      if (!e.is(Reason.CONFLICT)) {
        LOG.log(
            Level.WARNING,
            "reconciling failed: controller={0} key={1} error={2}",
            name,
            key,
            e.message());
      }
      return Outcome.RETRY;
    } catch (RuntimeException | StackOverflowError e) {
      LOG.log(Level.ERROR, "reconciling failed: controller=" + name + " key=" + key, e);
      return Outcome.RETRY;
    }
  }

  private void settle(ObjectKey key, Outcome outcome) {
    switch (outcome) {
      case Outcome.Done() -> queue.forget(key);
      case Outcome.Again(var after) -> {
        queue.forget(key);
        queue.lookAgain(key, after);
      }
      case Outcome.Retry() -> queue.addBackingOff(key);
    }
  }

  /// Ends the workers, and waits until they have ended.
  @Override
  public void close() {
    queue.close();
    SupervisedTask.closeAll(tasks);
  }
}
