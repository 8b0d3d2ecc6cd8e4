package dev.tiphys.secrets.provider.aws.client;

import dev.tiphys.client.outbound.Answer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.secrets.provider.CallCounter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A service that is asked in JSON.
///
/// Threads: any.
///
/// @param counter is told of each operation
public record AwsClient(
    Calls calls, AwsService service, CredentialSupply supply, CallCounter counter) {

  /// With operations that are not counted.
  public AwsClient(Calls calls, AwsService service, CredentialSupply supply) {
    this(calls, service, supply, CallCounter.NONE);
  }

  private static final int MOST_PAGES = 10_000;

  /// Parameters that must not be seen.
  private static final List<String> SECRET = List.of("SecretString", "SecretBinary", "Value");

  /// One operation.
  ///
  /// @throws AwsException if it fails
  public Struct call(String operation, Struct parameters) throws InterruptedException {
    Calls.Request request =
        new Calls.Request(
            service,
            operation,
            List.of(
                Map.entry("Content-Type", "application/x-amz-json-1.1"),
                Map.entry("X-Amz-Target", service.target(operation))),
            Json.text(parameters),
            SECRET.stream().map(parameters::string).toList(),
            Failures::ofJson);
    Answer answer = asked(request);
    try {
      if (answer.body().isEmpty()) {
        return Struct.EMPTY;
      }
      if (answer.json() instanceof Struct struct) {
        return struct;
      }
    } catch (EncodingException e) {
      // said below, without the content
    }
    throw new AwsException(request.place(), 0, "", "the answer is no JSON object");
  }

  private Answer asked(Calls.Request request) throws InterruptedException {
    boolean well = false;
    try {
      Answer answer = calls.ask(request, supply);
      well = true;
      return answer;
    } finally {
      counter.called("AWS/" + service.label(), request.operation(), well);
    }
  }

  /// An operation whose answer comes in pages, with all of them in order.
  ///
  /// @throws AwsException if it fails, or never ends
  public List<Struct> pages(String operation, Struct parameters) throws InterruptedException {
    List<Struct> pages = new ArrayList<>();
    Set<String> tokens = new HashSet<>();
    String token = "";
    do {
      Struct page =
          call(
              operation, StructBuilder.from(parameters).addUnlessEmpty("NextToken", token).build());
      pages.add(page);
      token = page.string("NextToken");
      if (!token.isEmpty() && !tokens.add(token) || pages.size() > MOST_PAGES) {
        throw new AwsException(
            "operation error " + service.title() + ": " + operation, 0, "", "pages without end");
      }
    } while (!token.isEmpty());
    return pages;
  }
}
