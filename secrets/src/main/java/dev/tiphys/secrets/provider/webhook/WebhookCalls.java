package dev.tiphys.secrets.provider.webhook;

import dev.tiphys.client.outbound.Answer;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.NoAnswerException;
import dev.tiphys.client.outbound.Question;
import dev.tiphys.client.outbound.Trust;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.MissingSecretException;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.template.Functions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Asks a web server as settings say: method, URL, headers and body are templates.
///
/// Threads: any; immutable.
///
/// @param settings of a store or of a generator
/// @param cluster whether they are of the whole cluster
public record WebhookCalls(
    Struct settings,
    boolean cluster,
    References references,
    HttpTransport transport,
    Functions functions) {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration REACHING = Duration.ofSeconds(15);
  private static final int NOT_MODIFIED = 304;

  /// Headers that must not be sent to where a redirection leads.
  private static final Set<String> STAYING = Set.of("authorization", "cookie");

  private static final int NOT_FOUND = 404;

  /// What cannot be done; empty if all can.
  public static Optional<String> problem(Struct settings) {
    // It rests on MD4 and on a connection of its own for each login; nothing here speaks it.
    return settings.has("auth", "ntlm")
        ? Optional.of("auth.ntlm is not supported: use headers with a token, or another provider")
        : Optional.empty();
  }

  /// The answer to what is asked for.
  ///
  /// @param remote what that is, as `remoteRef` of templates
  /// @throws MissingSecretException if the server does not have it
  /// @throws StoreException if it does not answer, or with an error
  public WebhookAnswer ask(Map<String, String> remote) throws InterruptedException {
    WebhookData data = data(remote);
    String method = settings.string("method");
    String body = data.text("body", settings.string("body"), false);
    String content = send(method.isEmpty() ? "GET" : method, body, data);
    return new WebhookAnswer(
        content, data.text("path", settings.string("result", "jsonPath"), false));
  }

  WebhookData data(Map<String, String> remote) {
    return WebhookData.of(settings, remote, references, cluster, functions);
  }

  /// Sends a request.
  ///
  /// @return what it was answered with
  String send(String method, String body, WebhookData data) throws InterruptedException {
    problem(settings)
        .ifPresent(
            problem -> {
              throw new StoreException(problem);
            });
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    Struct templates = settings.struct("headers");
    for (String name : templates.names()) {
      String value = data.text("header " + name, templates.string(name), false);
      headers.add(Map.entry(name, value));
    }
    String url = data.text("url", settings.string("url"), true);
    Answer answer = answer(method, place(url), headers, body, timeout());
    if (answer.status() == NOT_FOUND) {
      throw new MissingSecretException();
    }
    if (answer.status() == NOT_MODIFIED) {
      throw new StoreException("not modified");
    }
    if (!answer.isSuccess()) {
      throw new StoreException("endpoint gave error " + answer.status());
    }
    return answer.body();
  }

  private static URI place(String url) {
    try {
      URI place = URI.create(url);
      String scheme = String.valueOf(place.getScheme());
      if (place.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
        return place;
      }
    } catch (IllegalArgumentException e) {
      // said below, without the URL: secrets may have gone into it
    }
    throw new StoreException("failed to parse url: it is no URL of a web server");
  }

  private Duration timeout() {
    String timeout = settings.string("timeout");
    try {
      Duration given = timeout.isEmpty() ? PATIENCE : GoDuration.parse(timeout);
      return given.isPositive() && given.compareTo(PATIENCE) < 0 ? given : PATIENCE;
    } catch (IllegalArgumentException e) {
      throw new StoreException("timeout is no duration: " + timeout);
    }
  }

  private Answer answer(
      String method,
      URI place,
      List<Map.Entry<String, String>> headers,
      String body,
      Duration timeout)
      throws InterruptedException {
    String authorities = references.authorities(settings);
    Trust trust = authorities.isEmpty() ? Trust.SYSTEM : new Trust(false, authorities, "", "");
    boolean redirects = headers.stream().noneMatch(each -> STAYING.contains(lower(each.getKey())));
    try {
      return transport.ask(new Question(method, place, headers, body, trust, redirects, timeout));
    } catch (NoAnswerException e) {
      String server = place.getScheme() + "://" + place.getRawAuthority();
      String why = String.valueOf(e.getMessage()).replace(place.toString(), server);
      throw new StoreException("failed to call endpoint: " + why);
    } catch (IllegalArgumentException e) {
      throw new StoreException("failed to append cabundle");
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /// Looks whether there is a web server at all; nothing is asked of it.
  ///
  /// @throws StoreException if there is none
  void reach() throws InterruptedException {
    String url = settings.string("url");
    int path = url.indexOf('/', url.indexOf("://") + 3);
    String server = path < 0 ? url : url.substring(0, path);
    if (server.contains("{{")) {
      return; // which it is depends on what is asked for
    }
    try {
      var _ = answer("HEAD", place(server + "/"), List.of(), "", REACHING);
    } catch (StoreException e) {
      throw new StoreException("error accessing external store: " + e.message());
    }
  }
}
