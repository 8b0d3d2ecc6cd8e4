package dev.tiphys.secrets.provider.vault;

import dev.tiphys.client.outbound.Answer;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.NoAnswerException;
import dev.tiphys.client.outbound.Question;
import dev.tiphys.client.outbound.Trust;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.secrets.provider.CallCounter;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.world.World;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks one Vault server.
///
/// A request is sent again where that may help, and follows one redirection, as those of a standby
/// to the active server; never from TLS to none. All of that takes no longer than it is given.
///
/// Threads: any.
final class VaultClient {

  private static final int MISSING = 404;
  private static final int NO_CONTENT = 204;
  private static final int LONGEST_MESSAGE = 2000;

  private final World world;
  private final HttpTransport transport;
  private final VaultSettings settings;
  private final Trust trust;
  private final Slots slots;
  private final CallCounter counter;
  private final Duration patience;
  private final ReplicationState state = new ReplicationState();

  /// @param slots how many requests servers have at a time
  /// @param counter is told of each request
  /// @param patience how long a request may take, with all that it is sent again
  VaultClient(
      World world,
      HttpTransport transport,
      VaultSettings settings,
      Trust trust,
      Slots slots,
      CallCounter counter,
      Duration patience) {
    this.world = world;
    this.transport = transport;
    this.settings = settings;
    this.trust = trust;
    this.slots = slots;
    this.counter = counter;
    this.patience = patience;
  }

  VaultSettings settings() {
    return settings;
  }

  /// What the server answers; null if it has nothing there.
  ///
  /// @param token empty for none
  /// @param namespace empty for the root
  /// @throws VaultException if it refuses or cannot be asked
  @Nullable Struct ask(Call call, String token, String namespace) throws InterruptedException {
    if (token.chars().anyMatch(Character::isISOControl)) {
      throw new VaultException(
          0, "configured Vault token contains non-printable characters and cannot be used");
    }
    Hidden hidden = call.hidden().and(Hidden.of(token)).and(settings.hidden());
    boolean well = false;
    try (Slots.Slot _ = slots.take(world, settings.server().toString())) {
      Struct answer = new Attempt(call, token, namespace, hidden).run();
      well = true;
      return answer;
    } finally {
      counter.called("HashiCorp/Vault", call.label(), well);
    }
  }

  /// One request, however often it is sent.
  private final class Attempt {
    private final Call call;
    private final String token;
    private final String namespace;
    private final Hidden hidden;
    private final long end = world.nanoTime() + patience.toNanos();
    private URI place;
    private boolean redirected;

    Attempt(Call call, String token, String namespace, Hidden hidden) {
      this.call = call;
      this.token = token;
      this.namespace = namespace;
      this.hidden = hidden;
      this.place = Address.of(settings.server(), call);
    }

    @Nullable Struct run() throws InterruptedException {
      for (int sent = 0; ; sent++) {
        boolean last = sent >= settings.retries().most();
        Duration wait = settings.retries().wait(sent, world.random());
        try {
          Answer answer = followed();
          if (!Retries.helpAgainst(answer.status()) || last) {
            return content(answer);
          }
          wait = asked(answer).orElse(wait);
          if (isTooLate(wait)) {
            return content(answer);
          }
        } catch (NoAnswerException e) {
          if (last || isTooLate(wait)) {
            throw failed(0, String.valueOf(e.getMessage()));
          }
        }
        world.sleep(wait);
      }
    }

    private boolean isTooLate(Duration wait) {
      return world.nanoTime() + wait.toNanos() >= end;
    }

    private Answer followed() throws NoAnswerException, InterruptedException {
      Answer answer = sent();
      boolean moved = answer.status() == 301 || answer.status() == 302 || answer.status() == 307;
      Optional<String> location = answer.headers().firstValue("Location");
      if (!moved || redirected || location.isEmpty()) {
        return answer;
      }
      URI target;
      try {
        target = place.resolve(location.get());
      } catch (IllegalArgumentException e) {
        throw failed(answer.status(), "redirected to no address");
      }
      if ("https".equals(place.getScheme()) && !"https".equals(target.getScheme())) {
        throw failed(answer.status(), "redirect would cause protocol downgrade");
      }
      place = target;
      redirected = true;
      return sent();
    }

    private Answer sent() throws NoAnswerException, InterruptedException {
      Duration left = Duration.ofNanos(Math.max(1_000_000, end - world.nanoTime()));
      Struct body = call.body();
      Question question =
          new Question(
              call.method(),
              place,
              headers(),
              body == null ? "" : Json.text(body),
              trust,
              false,
              left);
      Answer answer;
      try {
        answer = transport.ask(question);
      } catch (IllegalArgumentException e) {
        throw failed(0, unusable());
      }
      if (settings.readsOwnWrites()) {
        state.reached(answer.headers().firstValue("X-Vault-Index").orElse(""));
      }
      return answer;
    }

    /// What is said of certificates or a key that are none, which is nothing of what they are.
    private String unusable() {
      return trust.certificate().isEmpty()
          ? "cannot set Vault CA certificate: failed to parse certificates from CertPool"
          : "error from Client TLS Auth: the certificate and the key are no pair";
    }

    private List<Map.Entry<String, String>> headers() {
      List<Map.Entry<String, String>> headers = new ArrayList<>(settings.headers().entrySet());
      headers.add(Map.entry("X-Vault-Request", "true"));
      if (!token.isEmpty()) {
        headers.add(Map.entry("X-Vault-Token", token));
      }
      if (!namespace.isEmpty()) {
        headers.add(Map.entry("X-Vault-Namespace", namespace));
      }
      if (settings.forwards()) {
        headers.add(Map.entry("X-Vault-Inconsistent", "forward-active-node"));
      }
      if (!state.furthest().isEmpty()) {
        headers.add(Map.entry("X-Vault-Index", state.furthest()));
      }
      return headers;
    }

    private @Nullable Struct content(Answer answer) {
      if (answer.status() == MISSING) {
        Struct tree = tree(answer);
        boolean says =
            tree != null && (!tree.struct("data").isEmpty() || !tree.list("warnings").isEmpty());
        return says ? tree : null;
      }
      if (answer.status() >= 400) {
        throw failed(answer.status(), refusal(answer));
      }
      if (answer.status() >= 300) {
        throw failed(answer.status(), "redirected more than once");
      }
      boolean reads = call.method().equals("GET"); // then only a 404 tells that nothing is there
      if (answer.status() == NO_CONTENT || answer.body().isEmpty() && !reads) {
        return null;
      }
      Struct tree = tree(answer);
      if (tree == null) {
        throw failed(answer.status(), "the answer is no JSON object");
      }
      return tree;
    }

    private String refusal(Answer answer) {
      Struct tree = tree(answer);
      StringBuilder text = new StringBuilder("Error making API request.\n\n");
      if (!namespace.isEmpty()) {
        text.append("Namespace: ").append(namespace).append('\n');
      }
      text.append("URL: ").append(call.method()).append(' ').append(place).append('\n');
      text.append("Code: ").append(answer.status()).append(". ");
      if (tree == null) {
        return text.append("Raw Message:\n\n").append(answer.body()).toString();
      }
      text.append("Errors:\n\n");
      tree.list("errors").forEach(each -> text.append("* ").append(each));
      return text.toString();
    }

    private VaultException failed(int status, String message) {
      String clean = hidden.clean(message);
      return new VaultException(
          status,
          clean.length() > LONGEST_MESSAGE ? clean.substring(0, LONGEST_MESSAGE) + "..." : clean);
    }
  }

  /// Null if it is no object.
  private static @Nullable Struct tree(Answer answer) {
    try {
      return answer.json() instanceof Struct struct ? struct : null;
    } catch (EncodingException e) {
      return null;
    }
  }

  /// How long the server wants to be left alone.
  private static Optional<Duration> asked(Answer answer) {
    return answer
        .headers()
        .firstValue("Retry-After")
        .filter(text -> !text.isEmpty() && text.length() < 6)
        .filter(text -> text.chars().allMatch(Character::isDigit))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
  }

  /// A field that must be a tree.
  ///
  /// @throws StoreException if it is something else
  static @Nullable Struct part(Struct tree, String name, String failure) {
    Object found = tree.get(name);
    return switch (found) {
      case null -> null;
      case Null _ -> null;
      case Struct struct -> struct;
      default -> throw new StoreException(failure);
    };
  }
}
