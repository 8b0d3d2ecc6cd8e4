package dev.tiphys.controllers.common;

import dev.tiphys.client.controller.WorkQueue;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;

/// Makes and deletes Pods for owners that count them, and knows what the informer has not shown of
/// that yet: see [Expectations].
///
/// Threads: any.
public final class CountedPods {

  private final World world;
  private final PodWriter pods;
  private final Expectations expectations;

  public CountedPods(World world, PodWriter pods) {
    this.world = world;
    this.pods = pods;
    this.expectations = new Expectations(world);
  }

  /// Is told of each Pod that the informer shows. Queues its owner if it need not wait any longer.
  public void seen(Struct pod, WorkQueue<ObjectKey> queue) {
    Meta meta = Meta.of(pod);
    Struct owner = meta.controller();
    if (meta.isBeingDeleted()) {
      expectations.leaving(meta.uid());
    }
    if (owner == null) {
      return;
    }
    ObjectKey key = new ObjectKey(meta.namespace(), owner.string("name"));
    if (expectations.seen(key, meta.uid())) {
      queue.add(key, meta.revision());
    }
  }

  /// Is told of each Pod that is gone.
  public void gone(Struct pod) {
    expectations.leaving(Meta.of(pod).uid());
  }

  /// How long its owner has to wait at most, until everything is shown; zero if it is.
  public Duration wait(ObjectKey owner) {
    return expectations.wait(owner);
  }

  /// Creates a Pod. Throws what the server refused with.
  ///
  /// @param wanted with a name, or a `generateName`
  public Struct create(ObjectKey key, Struct owner, Struct wanted) {
    expectations.creating(key);
    Struct pod;
    try {
      pod = pods.create(owner, wanted);
    } catch (RuntimeException e) {
      expectations.notCreated(key);
      throw e;
    }
    expectations.created(key, Meta.of(pod).uid());
    return pod;
  }

  /// Deletes Pods, many at once. Returns the first refusal, or null.
  public Parallel.Result delete(ObjectKey key, Struct owner, List<Struct> doomed)
      throws InterruptedException {
    doomed.forEach(pod -> expectations.deleting(key, Meta.of(pod).uid()));
    return Parallel.all(world, doomed, pod -> deleteOne(owner, pod));
  }

  private void deleteOne(Struct owner, Struct pod) {
    boolean deleted = false;
    try {
      deleted = pods.delete(owner, pod);
    } finally {
      if (!deleted) {
        expectations.leaving(Meta.of(pod).uid());
      }
    }
  }
}
