package dev.tiphys.secrets.provider.aws.client;

import dev.tiphys.client.outbound.Answer;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.NoAnswerException;
import dev.tiphys.client.outbound.Question;
import dev.tiphys.client.outbound.Trust;
import dev.tiphys.secrets.provider.aws.signing.Credentials;
import dev.tiphys.secrets.provider.aws.signing.SignedRequest;
import dev.tiphys.secrets.provider.aws.signing.Signer;
import dev.tiphys.world.World;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How services of one region are asked, on behalf of one store.
///
/// Threads: any; immutable but for what its clock learns.
///
/// @param region whose services they are
/// @param clock that requests are signed by
public record Calls(
    World world,
    HttpTransport transport,
    AwsEnvironment environment,
    String region,
    Retries retries,
    ServerClock clock) {

  /// How long attempts may go on.
  private static final Duration ALL = Duration.ofMinutes(1);

  /// What to ask.
  ///
  /// @param operation for messages
  /// @param headers those that are signed besides the host
  /// @param hidden what of the body must not be shown if it comes back
  record Request(
      AwsService service,
      String operation,
      List<Map.Entry<String, String>> headers,
      String body,
      List<String> hidden,
      Wire wire) {
    String place() {
      return "operation error " + service.title() + ": " + operation;
    }
  }

  /// What failures look like.
  interface Wire {
    AwsException failure(String place, Answer answer, List<String> hidden);
  }

  /// Asks until there is an answer that is a success, or asking again is no use.
  ///
  /// @param supply null for requests that are not signed
  /// @throws AwsException if there is none
  Answer ask(Request request, @Nullable CredentialSupply supply) throws InterruptedException {
    long began = world.nanoTime();
    boolean corrected = false;
    boolean renewed = false;
    for (int attempt = 1; ; ) {
      Credentials used = supply == null ? null : supply.current();
      AwsException failure;
      try {
        Answer answer = send(request, used);
        if (answer.isSuccess()) {
          return answer;
        }
        failure = request.wire().failure(request.place(), answer, hidden(request, used));
        if (failure.isOfClock() && !corrected && clock.learn(failure.detail(), answer)) {
          corrected = true;
          continue; // at once, with the server's time
        }
      } catch (NoAnswerException e) {
        failure = new AwsException(request.place(), 0, "", String.valueOf(e.getMessage()));
      }
      if (supply != null && used != null && failure.isOfExpiry() && !renewed) {
        supply.discard(used);
        renewed = true;
        continue;
      }
      boolean late = world.nanoTime() - began > ALL.toNanos();
      if (!failure.isPassing() || late || attempt >= retries.attempts()) {
        throw failure;
      }
      world.sleep(retries.after(attempt++, world.random()));
    }
  }

  private static List<String> hidden(Request request, @Nullable Credentials used) {
    List<String> hidden = new ArrayList<>(request.hidden());
    if (used != null) {
      hidden.addAll(List.of(used.accessKey(), used.secretKey(), used.sessionToken()));
    }
    hidden.removeIf(String::isBlank);
    return hidden;
  }

  private Answer send(Request request, @Nullable Credentials credentials)
      throws NoAnswerException, InterruptedException {
    URI place;
    try {
      place = request.service().place(region, environment);
    } catch (IllegalArgumentException e) {
      throw new AwsException(request.place(), 0, "", "its endpoint is no URL");
    }
    List<Map.Entry<String, String>> headers = request.headers();
    if (credentials != null) {
      headers = new ArrayList<>(headers);
      headers.add(Map.entry("Host", place.getRawAuthority()));
      SignedRequest signed =
          new SignedRequest("POST", place.getRawPath(), "", headers, request.body());
      headers = new Signer(request.service().id(), region).sign(signed, credentials, clock.now());
      headers.removeIf(each -> each.getKey().equals("Host")); // the client sends its own
    }
    return transport.ask(
        new Question(
            "POST", place, headers, request.body(), Trust.SYSTEM, false, environment.patience()));
  }
}
