package dev.tiphys.secrets.provider.aws.credentials;

import dev.tiphys.client.outbound.Answer;
import dev.tiphys.client.outbound.NoAnswerException;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.client.AwsEnvironment;
import dev.tiphys.secrets.provider.aws.client.Calls;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/// The credentials of the container that this process runs in.
record ContainerKeys(Calls calls) implements Source {

  private static final String RELATIVE = "http://169.254.170.2";
  private static final Set<String> NEAR =
      Set.of(
          "127.0.0.1", "[::1]", "localhost", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]");

  @Override
  public Keys fetch() throws InterruptedException {
    AwsEnvironment environment = calls.environment();
    String relative = environment.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    String place =
        relative.isEmpty()
            ? environment.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")
            : RELATIVE + relative;
    if (place.isEmpty()) {
      throw new DefaultChain.NoneHereException();
    }
    String file = environment.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    String token =
        file.isEmpty()
            ? environment.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
            : DefaultChain.content(file);
    try {
      URI uri = URI.create(place);
      if ("http".equals(uri.getScheme()) && !NEAR.contains(String.valueOf(uri.getHost()))) {
        throw new StoreException(
            "failed to retrieve credentials: the container's endpoint is neither near nor HTTPS");
      }
      Answer answer =
          new LocalQuestions(calls)
              .ask("GET", place, token.isEmpty() ? Map.of() : Map.of("Authorization", token));
      if (answer.isSuccess()) {
        return LocalQuestions.keys("the container's endpoint", answer);
      }
      throw new StoreException(
          "failed to retrieve credentials: the container's endpoint answered with status "
              + answer.status());
    } catch (NoAnswerException | IllegalArgumentException e) {
      throw new StoreException(
          "failed to retrieve credentials: the container's endpoint gave no answer");
    }
  }
}
