package dev.tiphys.network.router.filters;

import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Passage;
import dev.tiphys.world.World;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Lets requests with a name and its password go on (RFC 7617), and answers 401 to others.
///
/// What was right once is remembered as long as the passwords are the same ones: to check one takes
/// long on purpose. It is done on a thread of its own.
///
/// Threads: any.
public final class BasicCredentials implements Filter {

  /// The page for clients that have not told who they are.
  static final Action.Respond REQUIRED =
      new Action.Respond(
          401,
          "text/html",
          """
          <html>
          <head><title>401 Authorization Required</title></head>
          <body>
          <center><h1>401 Authorization Required</h1></center>
          </body>
          </html>
          """);

  private static final int MANY = 1000;

  private final World world;
  private final Passwords passwords;
  private final HeaderEdits challenge;
  private final ConcurrentMap<String, Boolean> right = new ConcurrentHashMap<>();

  /// @param realm what clients are told that the password is for
  public BasicCredentials(World world, Passwords passwords, String realm) {
    this.world = world;
    this.passwords = passwords;
    String text = "Basic realm=\"" + realm.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    this.challenge = new HeaderEdits(List.of(), Map.of("WWW-Authenticate", text), Map.of());
  }

  @Override
  public void filter(Passage passage) {
    String given = decoded(passage.request().header("authorization"));
    if (given == null) {
      challenge(passage);
    } else if (right.containsKey(given)) {
      passage.goOn();
    } else {
      world.start(
          "password",
          () -> {
            boolean fits = fits(given);
            passage.loop().execute(() -> decided(passage, fits));
          });
    }
  }

  private boolean fits(String given) {
    int colon = given.indexOf(':');
    boolean fits = passwords.fit(given.substring(0, colon), given.substring(colon + 1));
    if (fits && right.size() < MANY) {
      right.put(given, true);
    }
    return fits;
  }

  private void decided(Passage passage, boolean fits) {
    if (fits) {
      passage.goOn();
    } else {
      challenge(passage);
    }
  }

  private void challenge(Passage passage) {
    passage.answer(REQUIRED, challenge);
  }

  /// Name and password; null if there are none.
  private static @Nullable String decoded(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
      return null;
    }
    try {
      String text =
          new String(
              Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
      return text.indexOf(':') < 0 ? null : text;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
