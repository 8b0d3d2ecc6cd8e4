package dev.tiphys.secrets.generator.vault;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.secrets.data.Values;
import dev.tiphys.secrets.generator.Generator;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.vault.Call;
import dev.tiphys.secrets.provider.vault.Session;
import dev.tiphys.secrets.provider.vault.VaultException;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `VaultDynamicSecret`: asks a Vault for what it makes, such as credentials of a database, and
/// keeps its lease.
public final class VaultGenerator implements Generator {

  private static final String ID = "leaseID";
  private static final String SECONDS = "leaseDuration";
  private static final String RENEWABLE = "renewable";
  private static final String TOKEN_ENDS = "tokenExpiration";

  private final World world;
  private final KeptSessions sessions;
  private final LeaseKeeper leases;

  public VaultGenerator(World world) {
    this.world = world;
    this.sessions = new KeptSessions(world);
    this.leases = new LeaseKeeper(world);
  }

  @Override
  public String kind() {
    return "VaultDynamicSecret";
  }

  @Override
  public String field() {
    return "vaultDynamicSecretSpec";
  }

  @Override
  public Map<String, byte[]> generate(Struct spec, Context context) throws InterruptedException {
    if (!spec.has("provider")) {
      throw new StoreException("no Vault provider config in spec");
    }
    sessions.sweep(leases::uses);
    Session session = session(spec, context);
    Struct answer = session.ask(call(spec));
    if (answer == null) {
      if (spec.bool("allowEmptyResponse")) {
        return Map.of();
      }
      throw new StoreException("unable to get dynamic secret: empty response from Vault");
    }
    keep(answer, session, context);
    return Values.ofFields(part(answer, spec.string("resultType")));
  }

  private Session session(Struct spec, Context context) throws InterruptedException {
    try {
      return sessions.take(spec, context);
    } catch (StoreException e) {
      throw new StoreException("unable to setup Vault client: " + e.message());
    }
  }

  private static Call call(Struct spec) {
    String path = spec.string("path");
    return switch (spec.string("method")) {
      case "", "GET" -> Call.get(path, query(spec.struct("getParameters")));
      case "LIST" -> Call.list(path);
      case "DELETE" -> Call.delete(path);
      default -> Call.put(path, spec.struct("parameters"));
    };
  }

  private static List<Map.Entry<String, String>> query(Struct parameters) {
    List<Map.Entry<String, String>> query = new ArrayList<>();
    for (String name : parameters.names()) {
      parameters.strings(name).forEach(value -> query.add(Map.entry(name, value)));
    }
    return query;
  }

  private static Struct part(Struct answer, String type) {
    return switch (type) {
      case "Auth" -> answer.struct("auth");
      case "Raw" -> withoutNull(withoutNull(answer, "auth"), "wrap_info");
      default -> answer.struct("data");
    };
  }

  private static Struct withoutNull(Struct tree, String field) {
    @Nullable Object value = tree.get(field);
    return value instanceof Null ? tree.without(field) : tree;
  }

  private void keep(Struct answer, Session session, Context context) {
    Duration life = Duration.ofSeconds(Math.max(0, answer.integer("lease_duration")));
    String id = answer.string("lease_id");
    if (id.isEmpty() || life.isZero()) {
      return;
    }
    boolean renewable = answer.bool("renewable");
    Duration left = session.left();
    Struct state = Struct.of(ID, id, SECONDS, life.toSeconds()).with(RENEWABLE, renewable);
    context
        .states()
        .accept(
            left == null
                ? state
                : state.with(TOKEN_ENDS, Timestamps.seconds(world.now().plus(left))));
    if (renewable) {
      Lease lease = new Lease(id, session, life, life, world.nanoTime(), Instant.MAX);
      leases.keep(lease, context.asker());
    }
  }

  /// A lease that an earlier process was given is renewed at once, which tells whether it is there
  /// still. It ends with the token that it was made with, which that process renews no more.
  @Override
  public void resume(Struct spec, Struct state, Context context) throws InterruptedException {
    String id = state.string(ID);
    if (!state.bool(RENEWABLE) || leases.has(id)) {
      return;
    }
    Duration whole = Duration.ofSeconds(state.integer(SECONDS));
    Instant ends = Timestamps.of(state.get(TOKEN_ENDS));
    leases.keep(
        new Lease(
            id,
            session(spec, context),
            whole,
            Duration.ZERO,
            world.nanoTime(),
            ends == null ? Instant.MAX : ends),
        context.asker());
  }

  @Override
  public void leave(Struct state) {
    Session _ = leases.drop(state.string(ID));
  }

  @Override
  public void giveBack(Struct spec, Struct state, Context context) throws InterruptedException {
    String id = state.string(ID);
    Session known = leases.drop(id);
    Session session = known == null ? session(spec, context) : known;
    try {
      Struct _ = session.ask(Lease.revocation(id));
    } catch (VaultException e) {
      if (e.isRefusal() || !e.isFinal()) {
        throw e;
      } // otherwise there is no such lease any more
    }
  }

  /// As long as it lives of itself, since Pods may use it until they start again.
  @Override
  public Duration rest(Struct state) {
    return Duration.ofSeconds(state.integer(SECONDS));
  }

  @Override
  public void close() {
    leases.close();
    sessions.close();
  }
}
