package dev.tiphys.network.dns;

import dev.tiphys.network.dns.forward.Asked;
import dev.tiphys.network.dns.forward.Forwarder;
import dev.tiphys.network.dns.message.Answer;
import dev.tiphys.network.dns.message.Name;
import dev.tiphys.network.dns.message.Query;
import dev.tiphys.network.dns.message.Rcode;
import dev.tiphys.network.dns.message.Record;
import dev.tiphys.network.dns.message.Type;
import dev.tiphys.network.dns.records.ClusterNames;
import dev.tiphys.network.dns.server.Responder;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds who knows a name: the static hosts, the cluster, or other servers, in this order.
///
/// Threads: any.
final class Resolver implements Responder {

  /// How long it is good that a name of a walk leads to its end, in seconds.
  private static final int WALK_TTL = 5;

  private final Clients clients;
  private final ClusterNames names;
  private final Configuration configuration;
  private final Walks walks;

  Resolver(Clients clients, ClusterNames names, Configuration configuration, Walks walks) {
    this.clients = clients;
    this.names = names;
    this.configuration = configuration;
    this.walks = walks;
  }

  /// A search that is on its way.
  ///
  /// @param missing what is answered if it finds nothing
  /// @param candidates the names that are still to be looked for
  private record Walk(Query query, Answer missing, List<Name> candidates) {}

  @Override
  public @Nullable Answered answer(Query query, InetAddress client, Consumer<Answered> later) {
    if (!clients.admits(client)) {
      return refused();
    }
    Answered found =
        find(query, query.name(), each -> later.accept(unlessMeant(query, client, each)));
    if (found == null) {
      return null;
    }
    Name goal = isMissing(found.answer()) ? walks.goal(query, client) : null;
    if (goal == null) {
      return unlessMeant(query, client, found);
    }
    List<Name> candidates = walks.next(goal, configuration.domains());
    return walk(new Walk(query, found.answer(), candidates), 0, later);
  }

  private static boolean isMissing(Answer answer) {
    return answer.authoritative() && answer.rcode() == Rcode.NXDOMAIN;
  }

  /// What was found, or what the cluster has under the longer name that is meant when nothing was
  /// found outside.
  private Answered unlessMeant(Query query, InetAddress client, Answered found) {
    if (found.answer().rcode() == Rcode.NOERROR || found.answer().authoritative()) {
      return found;
    }
    for (Name name : walks.meant(query, client)) {
      Answer answer = names.answer(name, query.type());
      if (answer != null
          && answer.rcode() == Rcode.NOERROR
          && answer.unfollowed(query.type()) == null) {
        Record alias = Record.cname(query.name(), WALK_TTL, name);
        return new Answered(answer.behind(List.of(alias)), 0);
      }
    }
    return found;
  }

  private @Nullable Answered walk(Walk walk, int from, Consumer<Answered> later) {
    for (int i = from; i < walk.candidates.size(); i++) {
      Name name = walk.candidates.get(i);
      int next = i + 1;
      Answered answered =
          find(
              walk.query,
              name,
              each -> {
                Answered end = end(walk, name, each);
                Answered last = end == null ? walk(walk, next, later) : end;
                if (last != null) {
                  later.accept(last);
                }
              });
      if (answered == null) {
        return null;
      }
      Answered end = end(walk, name, answered);
      if (end != null) {
        return end;
      }
    }
    return new Answered(walk.missing, 0);
  }

  /// What is answered if a walk ends with an answer; null if it goes on.
  private static @Nullable Answered end(Walk walk, Name name, Answered answered) {
    return switch (answered.answer().rcode()) {
      case NXDOMAIN -> null;
      case NOERROR -> {
        Record alias = Record.cname(walk.query.name(), WALK_TTL, name);
        yield new Answered(answered.answer().aged(answered.age()).behind(List.of(alias)), 0);
      }
      // The client walks on by itself, and sees that.
      case FORMERR, SERVFAIL, NOTIMP, REFUSED, BADVERS -> new Answered(walk.missing, 0);
    };
  }

  /// What is known about a name, whether or not it is the one in the query.
  private @Nullable Answered find(Query query, Name name, Consumer<Answered> later) {
    Routes.Route route = configuration.routes().of(name);
    Answer host = route == null ? null : route.host(name, query.type());
    if (host != null) {
      return new Answered(host, 0);
    }
    Answer cluster = names.answer(name, query.type());
    if (cluster == null) {
      return outside(route, query, name, later);
    }
    Name target = cluster.unfollowed(query.type());
    return target == null ? new Answered(cluster, 0) : followed(cluster, target, query, later);
  }

  /// The answer about an alias of the cluster that leads out of it.
  private @Nullable Answered followed(
      Answer aliases, Name target, Query query, Consumer<Answered> later) {
    Routes.Route route = configuration.routes().of(target);
    Answer host = route == null ? null : route.host(target, query.type());
    Answered answered =
        host == null
            ? outside(route, query, target, each -> later.accept(joined(aliases, each)))
            : new Answered(host, 0);
    return answered == null ? null : joined(aliases, answered);
  }

  /// An alias that cannot be followed is an answer all the same.
  private static Answered joined(Answer aliases, Answered end) {
    return switch (end.answer().rcode()) {
      case NOERROR, NXDOMAIN ->
          new Answered(end.answer().aged(end.age()).behind(aliases.answers()), 0);
      case FORMERR, SERVFAIL, NOTIMP, REFUSED, BADVERS -> new Answered(aliases, 0);
    };
  }

  private @Nullable Answered outside(
      Routes.@Nullable Route route, Query query, Name name, Consumer<Answered> later) {
    if (configuration.isProbe(name)) {
      configuration.looped();
      return refused();
    }
    if (route == null) {
      return refused();
    }
    if (route.keeps(name)) {
      return new Answered(Answer.of(Rcode.SERVFAIL), 0);
    }
    Forwarder forwarder = route.forwarder(name);
    if (forwarder == null || configuration.loops()) {
      return refused();
    }
    return query.type() == Type.ANY
        ? new Answered(Answer.of(Rcode.NOTIMP), 0)
        : forwarder.answer(Asked.of(query, name), later);
  }

  private static Answered refused() {
    return new Answered(Answer.of(Rcode.REFUSED), 0);
  }
}
