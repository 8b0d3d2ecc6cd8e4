package dev.tiphys.secrets.provider.aws.client;

import dev.tiphys.client.outbound.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The service that hands out temporary credentials. It is asked with forms, and answers in XML.
///
/// Threads: any.
public record TokenService(Calls calls) {

  /// One operation that answers with credentials.
  ///
  /// @param parameters in order
  /// @param supply null for requests that are not signed
  /// @return the fields of the credentials
  /// @throws AwsException if it fails
  public Map<String, String> credentials(
      String operation,
      List<Map.Entry<String, String>> parameters,
      @Nullable CredentialSupply supply)
      throws InterruptedException {
    String form =
        "Action=%s&Version=2011-06-15".formatted(operation)
            + parameters.stream()
                .map(each -> "&" + encoded(each.getKey()) + "=" + encoded(each.getValue()))
                .collect(Collectors.joining());
    Calls.Request request =
        new Calls.Request(
            AwsService.SECURITY_TOKENS,
            operation,
            List.of(Map.entry("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")),
            form,
            parameters.stream()
                .filter(each -> each.getKey().equals("WebIdentityToken"))
                .map(Map.Entry::getValue)
                .toList(),
            Failures::ofXml);
    Answer answer = calls.ask(request, supply);
    try {
      XmlAnswer body = XmlAnswer.parse(answer.body());
      return Map.of(
          "AccessKeyId", body.text("AccessKeyId"),
          "SecretAccessKey", body.text("SecretAccessKey"),
          "Token", body.text("SessionToken"),
          "Expiration", body.text("Expiration"));
    } catch (IllegalArgumentException e) {
      throw new AwsException(request.place(), 0, "", "the answer is no XML");
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
