package dev.tiphys.controllers.common;

import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a controller has written and its informer has not shown yet.
///
/// A controller that counts its objects in an informer's copy would make too many of them, or
/// delete too many, if it did not wait for the copy to show what it did before. It tells here which
/// objects it made and deleted, by uid; the informer's listener tells which ones it has seen; and
/// the controller changes nothing more until the two agree.
///
/// What the informer never shows, since an object came and went while its watch was broken, is
/// given up after five minutes: a controller that finds that it has to wait looks again by then.
///
/// Threads: any.
public final class Expectations {

  private static final long PATIENCE = Duration.ofMinutes(5).toNanos();

  private final World world;
  private final Map<ObjectKey, Open> open = new HashMap<>();
  private final Map<String, Expected> expected = new HashMap<>();

  /// An object that the informer is to show, or to show the end of.
  private record Expected(ObjectKey owner, boolean creation, long due) {}

  /// What is open for one owner.
  private static final class Open {
    int calls;
    final Set<String> seenMeanwhile = new HashSet<>();
    final Set<String> uids = new HashSet<>();

    boolean isMet() {
      return calls == 0 && uids.isEmpty();
    }
  }

  public Expectations(World world) {
    this.world = world;
  }

  /// A call that creates an object begins; [#created] or [#notCreated] ends it.
  public synchronized void creating(ObjectKey owner) {
    of(owner).calls++;
  }

  /// An object was created, and the informer is to show it.
  public synchronized void created(ObjectKey owner, String uid) {
    Open own = of(owner);
    own.calls--;
    if (!own.seenMeanwhile.contains(uid)) {
      expect(own, uid, new Expected(owner, true, world.nanoTime() + PATIENCE));
    }
    settle(owner, own);
  }

  /// A call that was to create an object failed.
  public synchronized void notCreated(ObjectKey owner) {
    Open own = of(owner);
    own.calls--;
    settle(owner, own);
  }

  /// An object is about to be deleted, and the informer is to show that.
  public synchronized void deleting(ObjectKey owner, String uid) {
    expect(of(owner), uid, new Expected(owner, false, world.nanoTime() + PATIENCE));
  }

  /// The informer shows an object. Returns whether that was the last thing its owner waited for.
  public synchronized boolean seen(ObjectKey owner, String uid) {
    Open own = open.get(owner);
    if (own != null && own.calls > 0) {
      own.seenMeanwhile.add(uid);
    }
    Expected what = expected.get(uid);
    if (what == null || !what.creation) {
      return false;
    }
    fulfil(uid, what);
    return !open.containsKey(what.owner);
  }

  /// The informer shows that an object is gone, or about to go; or it can't be deleted.
  public synchronized void leaving(String uid) {
    Expected what = expected.get(uid);
    if (what != null) {
      fulfil(uid, what);
    }
  }

  /// How long the controller has to wait at most for the informer to show everything: zero if it
  /// has. What was waited for too long is given up first.
  ///
  /// While a call is under way there is nothing to wait for but its end, which is told here.
  public synchronized Duration wait(ObjectKey owner) {
    Open own = open.get(owner);
    if (own == null) {
      return Duration.ZERO;
    }
    long now = world.nanoTime();
    for (String uid : List.copyOf(own.uids)) {
      Expected what = expected.get(uid);
      if (what != null && what.due <= now) {
        fulfil(uid, what);
      }
    }
    if (!open.containsKey(owner)) {
      return Duration.ZERO;
    }
    long due = now + PATIENCE;
    for (String uid : own.uids) {
      Expected what = expected.get(uid);
      due = what == null ? due : Math.min(due, what.due);
    }
    return Duration.ofNanos(due - now);
  }

  private Open of(ObjectKey owner) {
    return open.computeIfAbsent(owner, _ -> new Open());
  }

  private void expect(Open own, String uid, Expected what) {
    own.uids.add(uid);
    expected.put(uid, what);
  }

  private void fulfil(String uid, Expected what) {
    expected.remove(uid);
    Open own = open.get(what.owner);
    if (own != null) {
      own.uids.remove(uid);
      settle(what.owner, own);
    }
  }

  private void settle(ObjectKey owner, Open own) {
    if (own.calls == 0) {
      own.seenMeanwhile.clear();
    }
    if (own.isMet()) {
      open.remove(owner);
    }
  }
}
