package dev.tiphys.secrets.provider.aws.client;

import dev.tiphys.client.outbound.Answer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import java.util.List;
import java.util.regex.Pattern;

/// Reads what services say when they fail, and takes out of it what must not be shown.
final class Failures {

  private static final Pattern REQUEST_ID =
      Pattern.compile("(?i),? ?\\(?request ?id: ?[^\\s,;)]+\\)?");
  private static final Pattern CREDENTIAL = Pattern.compile(" Credential=.*");
  private static final int LONGEST = 1000;

  private Failures() {}

  /// What an answer in JSON that is no success means.
  static AwsException ofJson(String place, Answer answer, List<String> hidden) {
    Struct body = Struct.EMPTY;
    try {
      body = answer.json() instanceof Struct struct ? struct : body;
    } catch (EncodingException e) {
      // something between here and the service answered; its status says enough
    }
    String type = body.string("__type");
    if (type.isEmpty()) {
      type = answer.headers().firstValue("x-amzn-ErrorType").orElse(body.string("code"));
    }
    String code = type.replaceAll(":.*", "").replaceAll(".*#", "");
    String message = body.string("message").isEmpty() ? "Message" : "message";
    return new AwsException(place, answer.status(), code, cleaned(body.string(message), hidden));
  }

  /// What an answer in XML that is no success means.
  static AwsException ofXml(String place, Answer answer, List<String> hidden) {
    String code = "";
    String message = "";
    try {
      XmlAnswer body = XmlAnswer.parse(answer.body());
      code = body.text("Code");
      message = body.text("Message");
    } catch (IllegalArgumentException e) {
      // as above
    }
    return new AwsException(place, answer.status(), code, cleaned(message, hidden));
  }

  /// One line without request ids and what is to be hidden. What follows the first line of a
  /// refused signature is the request as the service has read it, with its token.
  static String cleaned(String message, List<String> hidden) {
    String line = message.lines().findFirst().orElse("");
    line = REQUEST_ID.matcher(line).replaceAll("");
    line = CREDENTIAL.matcher(line).replaceAll("");
    for (String each : hidden) {
      line = line.replace(each, "***");
    }
    return line.length() > LONGEST ? line.substring(0, LONGEST) : line.strip();
  }
}
