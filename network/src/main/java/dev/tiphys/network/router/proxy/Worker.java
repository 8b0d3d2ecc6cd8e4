package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.connections.Deadlines;
import dev.tiphys.network.router.connections.Pool;
import dev.tiphys.world.World;
import io.netty.channel.EventLoop;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// What an event loop has for itself.
///
/// Threads: the event loop.
final class Worker {

  private final World world;
  private final EventLoop loop;
  private final RouterSettings settings;
  private final Observer observer;
  private final Deadlines deadlines;
  private final Pool pool;
  private final SplittableRandom random;

  Worker(World world, EventLoop loop, RouterSettings settings, Observer observer) {
    this.world = world;
    this.loop = loop;
    this.settings = settings;
    this.observer = observer;
    this.deadlines = new Deadlines(world, loop);
    this.pool = new Pool(loop, deadlines, settings.poolTimeout());
    this.random = new SplittableRandom(world.random().nextLong());
  }

  World world() {
    return world;
  }

  EventLoop loop() {
    return loop;
  }

  RouterSettings settings() {
    return settings;
  }

  Observer observer() {
    return observer;
  }

  Deadlines deadlines() {
    return deadlines;
  }

  Pool pool() {
    return pool;
  }

  /// Chance for what is no secret: it costs less than the world's.
  RandomGenerator random() {
    return random;
  }
}
