package dev.tiphys.network.ingress.annotations;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.network.Prefix;
import dev.tiphys.network.router.filters.AuthSettings;
import dev.tiphys.network.router.filters.ClientCertificates;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who may ask: the annotations that let clients in or keep them out.
public record AccessAnnotations(AnnotationValues values) {

  /// Finds all problems now.
  void readAll() {
    allowed();
    denied();
    passwords();
    external();
    satisfiesAny();
    certificates();
  }

  /// Of where clients must be; empty for anywhere.
  public List<Prefix> allowed() {
    return values.ranges(true, "allowlist-source-range", "whitelist-source-range");
  }

  /// Of where clients must not be.
  public List<Prefix> denied() {
    return values.ranges(true, "denylist-source-range");
  }

  /// The Secret with passwords.
  ///
  /// @param name maybe with the namespace of the Ingress before a slash
  /// @param isMap whether each of its keys is a name
  /// @param isDigest whether they are asked for by RFC 7616, not by RFC 7617
  public record PasswordSecret(String name, boolean isMap, String realm, boolean isDigest) {}

  /// Where passwords are; null if none are asked for.
  public @Nullable PasswordSecret passwords() {
    String type = values.text("auth-type");
    if (type == null) {
      return null;
    }
    String secret = values.text("auth-secret");
    if (!type.equals("basic") && !type.equals("digest")) {
      values.invalid("auth-type", type);
      values.close();
      return null;
    }
    if (secret == null) {
      values.invalid("auth-secret", "");
      values.close();
      return null;
    }
    String kind = values.text("auth-secret-type", "auth-file");
    if (!List.of("auth-file", "auth-map").contains(kind)) {
      values.invalid("auth-secret-type", kind);
      values.close();
    }
    return new PasswordSecret(
        secret,
        kind.equals("auth-map"),
        values.text("auth-realm", type.equals("basic") ? "Authentication Required" : ""),
        type.equals("digest"));
  }

  /// What is asked of the certificates of clients.
  ///
  /// @param secret with the authorities, maybe with the namespace of the Ingress before a slash
  /// @param depth how many authorities may stand between a client and one of those
  public record ClientAsked(String secret, int depth, ClientCertificates.Settings settings) {}

  /// Values that can't be read are as if they were not there, as with ingress-nginx.
  public @Nullable ClientAsked certificates() {
    String secret = values.text("auth-tls-secret");
    if (secret == null) {
      return null;
    }
    int depth = values.number("auth-tls-verify-depth", 1);
    return new ClientAsked(
        secret,
        depth == 0 ? 1 : depth,
        new ClientCertificates.Settings(
            verify(),
            subject(),
            errorPage(),
            values.flag("auth-tls-pass-certificate-to-upstream", false)));
  }

  private ClientCertificates.Verify verify() {
    String value = values.text("auth-tls-verify-client", "on");
    return switch (value) {
      case "on" -> ClientCertificates.Verify.ON;
      case "off" -> ClientCertificates.Verify.OFF;
      case "optional" -> ClientCertificates.Verify.OPTIONAL;
      case "optional_no_ca" -> ClientCertificates.Verify.OPTIONAL_NO_CA;
      default -> {
        values.invalid("auth-tls-verify-client", value);
        yield ClientCertificates.Verify.ON;
      }
    };
  }

  private @Nullable Pattern subject() {
    String value = values.text("auth-tls-match-cn");
    if (value == null) {
      return null;
    }
    try {
      if (value.startsWith("CN=")) {
        return Pattern.compile(value);
      }
    } catch (PatternSyntaxException e) {
      // told below
    }
    values.invalid("auth-tls-match-cn", value);
    values.close();
    return null;
  }

  /// Pages of the same host would be served without a certificate, and are not taken.
  private @Nullable String errorPage() {
    String value = values.text("auth-tls-error-page");
    if (value != null && !value.matches("https?://[A-Za-z0-9.-]+(:\\d+)?(/[A-Za-z0-9_.-]+)*/?")) {
      values.invalid("auth-tls-error-page", value);
      return null;
    }
    return value;
  }

  /// Which server is asked about clients; null for none.
  public @Nullable AuthSettings external() {
    String url = values.text("auth-url");
    if (url == null) {
      return null;
    }
    if (!url.startsWith("http://") && !url.startsWith("https://")) {
      values.invalid("auth-url", url);
      values.close();
      return null;
    }
    return new AuthSettings(
        url,
        values.text("auth-method", ""),
        values.text("auth-signin"),
        values.list("auth-response-headers"),
        values.text("auth-cache-key", ""),
        CacheTimes.parse(
            values.text("auth-cache-duration", "200 202 401 5m"),
            () -> values.invalid("auth-cache-duration", values.text("auth-cache-duration", ""))));
  }

  /// Whether it is enough to be let in by one of addresses, password and another server.
  public boolean satisfiesAny() {
    String value = values.text("satisfy", "all");
    if (!List.of("all", "any").contains(value)) {
      values.invalid("satisfy", value);
    }
    return value.equals("any");
  }
}
