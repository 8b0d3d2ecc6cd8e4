package dev.tiphys.monitoring.server;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.monitoring.program.Server;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps a server for each object of a kind, as long as that is there and this process is in
/// charge. It looks when an object that concerns them changes, or one that their configurations
/// refer to, and when a server begins to answer, or ends.
///
/// Threads: any.
public final class ServerController implements AutoCloseable {

  private static final RetryPolicy POLICY =
      RetryPolicy.between(Duration.ofSeconds(1), Duration.ofMinutes(1));

  private final ServerTools tools;
  private final Charge charge;
  private final ApiResource kind;
  private final Keeping keeping;
  private final Controller controller;
  private final Map<ObjectKey, KeptServer> servers = new ConcurrentHashMap<>();

  /// What the servers of one kind are kept by.
  public interface Keeping {

    /// Makes what is kept for an object; nothing runs yet.
    ///
    /// @param told of each change of the server's state
    KeptServer made(ObjectKey key, Consumer<ProgramState> told);

    /// One look at an object and its server.
    Outcome look(Struct object, KeptServer server) throws InterruptedException;

    /// The server of an object has changed its state, and may answer or not.
    void changed(ObjectKey key);

    /// The server of an object has ended for good.
    void forget(ObjectKey key);
  }

  /// Makes it; no informer is started yet.
  ///
  /// @param name what it is called
  /// @param workers how many objects are looked at at a time
  public ServerController(
      String name,
      int workers,
      ServerTools tools,
      Charge charge,
      ApiResource kind,
      Keeping keeping) {
    this.tools = tools;
    this.charge = charge;
    this.kind = kind;
    this.keeping = keeping;
    this.controller = new Controller(name, tools.world(), workers, POLICY, this::reconcile);
    tools.objects().kind(kind).listen(onSpec(controller::enqueue));
    Informer.Listener onReferences = Informer.Listener.ofAll(this::referred);
    tools.objects().around(ApiResource.SECRETS).listen(onReferences);
    tools.objects().around(ApiResource.CONFIG_MAPS).listen(onReferences);
    charge.onChange(this::look);
  }

  /// Has all looked at when an object of another kind changes.
  public void dependOn(ApiResource other) {
    tools.objects().kind(other).listen(onSpec(_ -> look()));
  }

  /// Status and managed fields are what is written here.
  private static Informer.Listener onSpec(Consumer<Struct> concerned) {
    return new Informer.Listener() {
      @Override
      public void added(Struct object) {
        concerned.accept(object);
      }

      @Override
      public void updated(Struct before, Struct now) {
        Meta one = Meta.of(before);
        Meta other = Meta.of(now);
        if (one.generation() != other.generation() || !one.labels().equals(other.labels())) {
          concerned.accept(now);
        }
      }

      @Override
      public void deleted(Struct last) {
        concerned.accept(last);
      }
    };
  }

  private void referred(Struct object) {
    ObjectKey key = ObjectKey.of(object);
    servers.forEach(
        (owner, each) -> {
          if (each.refersTo(key)) {
            controller.queue().add(owner, Meta.of(object).revision());
          }
        });
  }

  /// Begins, once the informers are complete.
  public void start() {
    controller.start();
  }

  /// Has every object looked at: something else has changed that they are configured by.
  public void look() {
    tools.objects().kind(kind).list().forEach(controller::enqueue);
  }

  /// Has one looked at.
  public void look(ObjectKey key) {
    controller.queue().add(key, 0);
  }

  /// The server of an object, if it answers.
  public Optional<Server> ready(ObjectKey key) {
    KeptServer found = servers.get(key);
    return found != null && found.isReady()
        ? Optional.ofNullable(found.server())
        : Optional.empty();
  }

  /// Where the server of an object answers, if it does.
  public Optional<InetSocketAddress> address(ObjectKey key) {
    return ready(key).map(Server::address);
  }

  private Outcome reconcile(ObjectKey key) throws InterruptedException {
    Struct object = tools.objects().kind(kind).find(key);
    if (object == null || !charge.isOurs() || Meta.of(object).isBeingDeleted()) {
      KeptServer before = servers.remove(key);
      if (before != null) {
        before.close();
        keeping.forget(key);
      }
      return Outcome.DONE;
    }
    KeptServer server =
        servers.computeIfAbsent(key, _ -> keeping.made(key, state -> told(key, state)));
    return keeping.look(object, server);
  }

  private void told(ObjectKey key, ProgramState state) {
    @Nullable Struct object = tools.objects().kind(kind).find(key);
    if (object != null && !state.problem().isEmpty()) {
      tools
          .events()
          .warning(object, "Ended", "it has ended and is started again: " + state.problem());
    }
    look(key);
    keeping.changed(key);
  }

  /// Ends all servers, and waits for their ends.
  @Override
  public void close() {
    controller.close();
    servers.values().forEach(KeptServer::close);
  }
}
