package dev.tiphys.secrets.provider.aws.credentials;

import dev.tiphys.client.outbound.Answer;
import dev.tiphys.client.outbound.NoAnswerException;
import dev.tiphys.client.outbound.Question;
import dev.tiphys.client.outbound.Trust;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.client.Calls;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Asks what runs beside this process, where an answer comes at once or never.
record LocalQuestions(Calls calls) {

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  Answer ask(String method, String uri, Map<String, String> headers)
      throws NoAnswerException, InterruptedException {
    return calls
        .transport()
        .ask(
            new Question(
                method,
                URI.create(uri),
                List.copyOf(headers.entrySet()),
                "",
                Trust.SYSTEM,
                false,
                PATIENCE));
  }

  /// The credentials of an answer.
  static Keys keys(String source, Answer answer) {
    try {
      if (answer.json() instanceof Struct body) {
        Map<String, String> fields = new HashMap<>();
        body.forEach((name, value) -> fields.put(name, String.valueOf(value)));
        return Keys.of(source, fields);
      }
    } catch (EncodingException e) {
      // said below, without the content
    }
    throw new StoreException("failed to retrieve credentials: " + source + " gave no JSON object");
  }
}
