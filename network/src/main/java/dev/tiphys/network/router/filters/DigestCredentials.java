package dev.tiphys.network.router.filters;

import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Passage;
import dev.tiphys.world.World;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Lets requests go on whose client proves to know a password without telling it (RFC 7616, with
/// MD5), and answers 401 to others. Nonces, their times and how often one is taken are those of the
/// module that ingress-nginx loads.
///
/// Threads: any.
public final class DigestCredentials implements Filter {

  private static final Duration TO_BE_USED = Duration.ofSeconds(60);
  private static final Duration TO_BE_USED_AGAIN = Duration.ofSeconds(10);
  private static final int MOST_USES = 20;
  private static final int MANY = 10_000;

  private final World world;
  private final DigestUsers users;
  private final String realm;
  private final ConcurrentMap<String, Nonce> nonces = new ConcurrentHashMap<>();

  /// A nonce that was given out.
  private static final class Nonce {
    private long until; // guarded by this
    private final BitSet used = new BitSet(MOST_USES); // guarded by this

    Nonce(long until) {
      this.until = until;
    }

    /// @return whether it may be used that time
    synchronized boolean use(int count, long now) {
      if (until - now <= 0 || count < 1 || count > MOST_USES || used.get(count)) {
        return false;
      }
      if (used.isEmpty()) {
        until = now + TO_BE_USED_AGAIN.toNanos();
      }
      used.set(count);
      return true;
    }

    synchronized boolean isOver(long now) {
      return until - now <= 0;
    }
  }

  /// @param realm what clients are told that the password is for, and what it was digested with
  public DigestCredentials(World world, DigestUsers users, String realm) {
    this.world = world;
    this.users = users;
    this.realm = realm;
  }

  @Override
  public void filter(Passage passage) {
    DigestHeader given = DigestHeader.parse(passage.request().header("authorization"));
    String secret = given == null ? null : users.find(given.field("username"), realm);
    if (given == null || secret == null || !isRight(given, secret, passage)) {
      challenge(passage, false);
      return;
    }
    Nonce nonce = nonces.get(given.field("nonce"));
    if (nonce == null || !nonce.use(given.count(), world.nanoTime())) {
      challenge(passage, true);
      return;
    }
    passage.editResponse(proof(given, secret));
    passage.goOn();
  }

  private boolean isRight(DigestHeader given, String secret, Passage passage) {
    String asked = passage.request().method() + ":" + given.field("uri");
    byte[] expected = response(given, secret, asked).getBytes(StandardCharsets.US_ASCII);
    byte[] told = given.field("response").toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    return given.field("realm").equals(realm)
        && given.field("qop").equals("auth")
        && given.field("uri").equals(passage.target())
        && MessageDigest.isEqual(expected, told);
  }

  private static String response(DigestHeader given, String secret, String asked) {
    return md5(
        String.join(
            ":",
            secret.toLowerCase(Locale.ROOT),
            given.field("nonce"),
            given.field("nc"),
            given.field("cnonce"),
            given.field("qop"),
            md5(asked)));
  }

  /// That the password is known here, too (RFC 7616, 3.5).
  private static HeaderEdits proof(DigestHeader given, String secret) {
    String text =
        "qop=\"auth\", rspauth=\"%s\", cnonce=\"%s\", nc=%s"
            .formatted(
                response(given, secret, ":" + given.field("uri")),
                quoted(given.field("cnonce")),
                given.field("nc"));
    return new HeaderEdits(List.of(), Map.of("Authentication-Info", text), Map.of());
  }

  /// @param stale whether only the nonce was too old, so that a client need not ask for the
  ///   password
  private void challenge(Passage passage, boolean stale) {
    String text =
        "Digest algorithm=\"MD5\", qop=\"auth\", realm=\"%s\", nonce=\"%s\"%s"
            .formatted(quoted(realm), nonce(), stale ? ", stale=\"true\"" : "");
    passage.answer(
        BasicCredentials.REQUIRED,
        new HeaderEdits(List.of(), Map.of("WWW-Authenticate", text), Map.of()));
  }

  private String nonce() {
    long now = world.nanoTime();
    if (nonces.size() >= MANY) {
      nonces.values().removeIf(each -> each.isOver(now));
    }
    if (nonces.size() >= MANY) {
      nonces.clear(); // clients that hold one are asked once more
    }
    byte[] bytes = new byte[16];
    world.random().nextBytes(bytes);
    String made = HexFormat.of().formatHex(bytes);
    nonces.put(made, new Nonce(now + TO_BE_USED.toNanos()));
    return made;
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static String md5(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
