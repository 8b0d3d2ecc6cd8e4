package dev.tiphys.network.dns.forward;

import dev.tiphys.network.dns.message.Answer;
import dev.tiphys.network.dns.message.Rcode;
import dev.tiphys.network.dns.message.Reply;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// Several servers that know the same. One after the other is asked until one has an answer.
///
/// Threads: any.
public final class Upstreams {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final World world;
  private final List<Upstream> servers;
  private final Policy policy;
  private final ForwardMetrics metrics;
  private final AtomicInteger turn = new AtomicInteger();

  /// @param onlyStreams whether they are asked by streams only
  public Upstreams(
      World world,
      List<InetSocketAddress> addresses,
      Policy policy,
      boolean onlyStreams,
      ForwardMetrics metrics) {
    this.world = world;
    this.servers = addresses.stream().map(each -> new Upstream(world, each, onlyStreams)).toList();
    this.policy = policy;
    this.metrics = metrics;
  }

  /// The answer; one that fails if no server has any.
  Answer ask(Asked asked) {
    long end = world.nanoTime() + PATIENCE.toNanos();
    Answer last = Answer.of(Rcode.SERVFAIL);
    for (Upstream server : inOrder()) {
      long begin = world.nanoTime();
      if (begin - end >= 0) {
        break;
      }
      try {
        Reply reply = server.ask(asked);
        Answer answer = reply.answer();
        metrics.asked(server.address(), answer.rcode(), world.nanoTime() - begin);
        if (isFinal(answer.rcode())) {
          return answer;
        }
        last = answer;
      } catch (IOException e) {
        metrics.asked(server.address(), Rcode.SERVFAIL, world.nanoTime() - begin);
      }
    }
    return last;
  }

  /// Whether another server would hardly say anything else.
  static boolean isFinal(Rcode rcode) {
    return rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN;
  }

  private List<Upstream> inOrder() {
    List<Upstream> ordered = new ArrayList<>(servers);
    switch (policy) {
      case RANDOM -> Collections.shuffle(ordered, Random.from(world.random()));
      case ROUND_ROBIN -> Collections.rotate(ordered, -turn.getAndIncrement());
      case SEQUENTIAL -> {}
    }
    ordered.sort(Comparator.comparing(server -> !server.isHealthy()));
    return ordered;
  }
}
