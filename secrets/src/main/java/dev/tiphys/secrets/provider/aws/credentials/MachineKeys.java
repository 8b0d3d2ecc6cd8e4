package dev.tiphys.secrets.provider.aws.credentials;

import dev.tiphys.client.outbound.Answer;
import dev.tiphys.client.outbound.NoAnswerException;
import dev.tiphys.secrets.provider.aws.client.AwsEnvironment;
import dev.tiphys.secrets.provider.aws.client.Calls;
import java.util.Map;

/// The credentials of the role of the machine that this process runs on, which its metadata service
/// tells. A machine elsewhere has none; that is known within a second.
record MachineKeys(Calls calls) implements Source {

  private static final String USUAL = "http://169.254.169.254";
  private static final String ROLES = "/latest/meta-data/iam/security-credentials/";

  @Override
  public Keys fetch() throws InterruptedException {
    AwsEnvironment environment = calls.environment();
    if (environment.variable("AWS_EC2_METADATA_DISABLED").equalsIgnoreCase("true")) {
      throw new DefaultChain.NoneHereException();
    }
    String named = environment.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    String place = (named.isEmpty() ? USUAL : named).replaceAll("/$", "");
    LocalQuestions questions = new LocalQuestions(calls);
    try {
      Answer token =
          questions.ask(
              "PUT",
              place + "/latest/api/token",
              Map.of("X-aws-ec2-metadata-token-ttl-seconds", "300"));
      Map<String, String> headers =
          token.isSuccess() ? Map.of("X-aws-ec2-metadata-token", token.body().strip()) : Map.of();
      Answer role = questions.ask("GET", place + ROLES, headers);
      String name = role.body().lines().findFirst().orElse("").strip();
      if (!role.isSuccess() || name.isEmpty()) {
        throw new DefaultChain.NoneHereException();
      }
      Answer answer = questions.ask("GET", place + ROLES + name, headers);
      if (!answer.isSuccess()) {
        throw new DefaultChain.NoneHereException();
      }
      return LocalQuestions.keys("instance metadata", answer);
    } catch (NoAnswerException | IllegalArgumentException e) {
      throw new DefaultChain.NoneHereException();
    }
  }
}
