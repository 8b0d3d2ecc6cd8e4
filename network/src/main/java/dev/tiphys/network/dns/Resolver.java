package dev.tiphys.network.dns;

import dev.tiphys.network.dns.forward.Asked;
import dev.tiphys.network.dns.forward.Forwarder;
import dev.tiphys.network.dns.message.Answer;
import dev.tiphys.network.dns.message.Name;
import dev.tiphys.network.dns.message.Query;
import dev.tiphys.network.dns.message.Rcode;
import dev.tiphys.network.dns.message.Type;
import dev.tiphys.network.dns.records.ClusterNames;
import dev.tiphys.network.dns.server.Responder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds who knows a name: the static hosts, the cluster, or other servers, in this order.
///
/// Threads: any.
final class Resolver implements Responder {

  private final ClusterNames names;
  private final Configuration configuration;

  Resolver(ClusterNames names, Configuration configuration) {
    this.names = names;
    this.configuration = configuration;
  }

  @Override
  public @Nullable Answered answer(Query query, Consumer<Answered> later) {
    Name name = query.name();
    Routes routes = configuration.routes();
    Routes.Route route = routes.of(name);
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
    Answer answer = end.answer();
    return switch (answer.rcode()) {
      case NOERROR, NXDOMAIN -> new Answered(answer.aged(end.age()).behind(aliases.answers()), 0);
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
