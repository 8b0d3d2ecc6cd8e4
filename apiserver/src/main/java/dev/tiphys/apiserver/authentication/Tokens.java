package dev.tiphys.apiserver.authentication;

import dev.tiphys.apiserver.authentication.TokenAuthenticator.Verdict;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// All bearer tokens: the first kind of tokens that knows one decides whose it is. What a token
/// proved is remembered for a while, as upstream does it: 10 seconds in which a token that was
/// withdrawn is still good, and in which nothing is verified again.
///
/// Threads: any.
public final class Tokens {

  /// How long a token that was found good is not looked at again.
  static final Duration REMEMBERED = Duration.ofSeconds(10);

  private static final System.Logger LOG = System.getLogger(Tokens.class.getName());
  private static final int MOST_REMEMBERED = 10_000;

  private final World world;
  private final List<TokenAuthenticator> kinds;
  private final List<String> own;
  private final Map<Question, Remembered> remembered = new ConcurrentHashMap<>();

  private record Question(String token, List<String> audiences) {}

  private record Remembered(Verdict.Of verdict, long until) {}

  /// @param kinds in the order in which they are asked
  /// @param own who this server is, to tokens that are made for someone
  public Tokens(World world, List<TokenAuthenticator> kinds, List<String> own) {
    this.world = world;
    this.kinds = List.copyOf(kinds);
    this.own = List.copyOf(own);
  }

  /// Who this server is, to tokens that are made for someone.
  public List<String> audiences() {
    return own;
  }

  /// Whether a token was found good for this server a short while ago.
  boolean remembers(String token) {
    Remembered known = remembered.get(new Question(token, own));
    return known != null && known.until - world.nanoTime() > 0;
  }

  /// What a token proves to this server.
  public Verdict examine(String token) {
    return examine(token, own);
  }

  /// What a token proves to these audiences.
  public Verdict examine(String token, List<String> audiences) {
    Question question = new Question(token, audiences);
    Remembered known = remembered.get(question);
    if (known != null && known.until - world.nanoTime() > 0) {
      return known.verdict;
    }
    Verdict verdict = ask(token, audiences);
    if (verdict instanceof Verdict.Of found) {
      if (remembered.size() >= MOST_REMEMBERED) {
        remembered.clear();
      }
      remembered.put(question, new Remembered(found, world.nanoTime() + REMEMBERED.toNanos()));
    } else {
      remembered.remove(question);
    }
    return verdict;
  }

  private Verdict ask(String token, List<String> audiences) {
    List<String> errors = new ArrayList<>(0);
    for (TokenAuthenticator kind : kinds) {
      switch (examined(kind, token, audiences)) {
        case Verdict.Of found -> {
          return found;
        }
        case Verdict.Refused(String error) -> errors.add(error);
        case Verdict.Unknown() -> {}
      }
    }
    return new Verdict.Refused(text(errors));
  }

  /// What can't be looked at, such as a Secret whose key was lost, proves nothing.
  private static Verdict examined(TokenAuthenticator kind, String token, List<String> audiences) {
    try {
      return kind.examine(token, audiences);
    } catch (ApiException e) {
      LOG.log(Level.WARNING, "a token could not be examined: error={0}", e.message());
      return new Verdict.Refused(e.message());
    }
  }

  /// As upstream words several errors.
  private static String text(List<String> errors) {
    return errors.isEmpty()
        ? "invalid bearer token"
        : "[invalid bearer token, " + String.join(", ", errors) + "]";
  }
}
