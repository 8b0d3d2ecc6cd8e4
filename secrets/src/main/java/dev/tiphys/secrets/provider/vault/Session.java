package dev.tiphys.secrets.provider.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.world.KeyedLock;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Requests to a server with one token, which is renewed at two thirds of its life, and replaced
/// when it cannot be renewed or is refused.
///
/// Threads: any.
public final class Session implements AutoCloseable {

  private static final String TOKEN = "auth/token/";
  private static final Duration AGAIN = Duration.ofSeconds(15);
  private static final Duration LEAST = Duration.ofSeconds(1);

  private final World world;
  private final VaultClient client;
  private final Login.Source source;
  private final KeyedLock replacing;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Token token;
  private @Nullable SupervisedTask keeping;

  private Session(World world, VaultClient client, Login.Source source)
      throws InterruptedException {
    this.world = world;
    this.client = client;
    this.source = source;
    this.replacing = new KeyedLock(world);
    this.token = login();
  }

  /// Logs in.
  ///
  /// @throws StoreException if that cannot be
  static Session open(World world, VaultClient client, Login.Source source)
      throws InterruptedException {
    Session session = new Session(world, client, source);
    if (session.token.expires()) {
      session.keeping = world.supervisor().start("vault-token", session::keep);
    }
    return session;
  }

  /// What the server answers; null if it has nothing there.
  public @Nullable Struct ask(Call call) throws InterruptedException {
    String namespace = client.settings().namespace();
    Token used = token;
    try {
      return client.ask(call, used.value(), namespace);
    } catch (VaultException e) {
      if (!e.isRefusal() || !used.own() || works(used)) {
        throw e;
      }
      replace(used);
      return client.ask(call, token.value(), namespace);
    }
  }

  /// How long the token has left unless it is renewed, and all that was made with it; null if it
  /// does not end.
  public @Nullable Duration left() {
    return token.left(world.nanoTime());
  }

  /// Whether the server still takes a token: then something else was refused.
  private boolean works(Token used) throws InterruptedException {
    try {
      Struct _ = client.ask(Call.get(TOKEN + "lookup-self"), used.value(), loginNamespace());
      return true;
    } catch (VaultException e) {
      return !e.isRefusal();
    }
  }

  /// Asks the server what it knows of the token.
  ///
  /// @throws StoreException if it does not take it
  void check() throws InterruptedException {
    Struct answer;
    try {
      answer = ask(Call.get(TOKEN + "lookup-self"));
    } catch (VaultException e) {
      throw e.within("invalid vault credentials");
    }
    String wrong =
        answer == null
            ? "no response nor error for token lookup"
            : answer.struct("data").has("type") ? "" : "could not assert token type";
    if (!wrong.isEmpty()) {
      throw new StoreException("invalid vault credentials: " + wrong);
    }
  }

  private String loginNamespace() {
    return client.settings().loginNamespace();
  }

  private void replace(Token refused) throws InterruptedException {
    try (KeyedLock.Turn _ = replacing.take(TOKEN)) {
      if (token.equals(refused)) { // otherwise it has been replaced meanwhile
        token = login();
      }
    }
  }

  private Token login() throws InterruptedException {
    return switch (source.find()) {
      case Login.None _ -> Token.given("");
      case Login.Given given -> Token.given(given.token());
      case Login.With with -> login(with);
    };
  }

  private Token login(Login.With with) throws InterruptedException {
    Struct answer;
    try {
      answer = client.ask(with.call(), "", loginNamespace());
    } catch (VaultException e) {
      throw with.doing().isEmpty() ? e : e.within(with.doing());
    }
    Struct auth = answer == null ? Struct.EMPTY : answer.struct("auth");
    if (auth.string("client_token").isEmpty()) {
      throw new StoreException("response did not return ClientToken, client token not set");
    }
    return Token.of(auth, world.nanoTime());
  }

  private void keep() throws InterruptedException {
    World time = world.background();
    while (token.expires()) {
      Token now = token;
      Duration wait = now.untilDue(world.nanoTime());
      time.sleep(wait.compareTo(LEAST) < 0 ? LEAST : wait);
      try (KeyedLock.Turn _ = replacing.take(TOKEN)) {
        if (token.equals(now)) {
          token = newer(now);
        }
      } catch (StoreException e) {
        time.sleep(AGAIN); // it is told where secrets are asked for
      }
    }
  }

  /// The token renewed; or another one, if that is not to be or does not give it much.
  private Token newer(Token now) throws InterruptedException {
    if (now.renewable()) {
      try {
        Call renewal = Call.put(TOKEN + "renew-self", Struct.of("increment", 0L));
        Struct answer = client.ask(renewal, now.value(), loginNamespace());
        Struct auth = answer == null ? Struct.EMPTY : answer.struct("auth");
        Duration granted = Duration.ofSeconds(Math.max(0, auth.integer("lease_duration")));
        if (granted.multipliedBy(2).compareTo(now.whole()) >= 0) {
          return now.renewed(granted, world.nanoTime());
        }
      } catch (VaultException e) {
        if (!e.isRefusal()) {
          throw e; // it may live still, and the server answer the next time
        }
      }
    }
    return login();
  }

  /// Ends the token, if it is the session's own.
  @Override
  public void close() {
    end(true);
  }

  /// Lets go of the token without ending it, since what was had with it would end with it.
  public void leave() {
    end(false);
  }

  private void end(boolean revoke) {
    if (closed.getAndSet(true)) {
      return;
    }
    if (keeping != null) {
      keeping.close();
    }
    Token last = token;
    if (!revoke || !last.own() || last.batch()) {
      return;
    }
    try {
      Struct _ =
          client.ask(Call.put(TOKEN + "revoke-self", Struct.EMPTY), last.value(), loginNamespace());
    } catch (StoreException e) {
      // it ends by itself
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
