package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Questions that are answered without an object. `ann` of the token `master` may do everything.
class ReviewsTest {

  private static final String AUTHENTICATION = "/apis/authentication.k8s.io/v1/";
  private static final String AUTHORIZATION = "/apis/authorization.k8s.io/v1/";
  private static final String LOCAL =
      AUTHORIZATION + "namespaces/default/localsubjectaccessreviews";

  private static RunningServer server;
  private static Wire wire;

  @BeforeAll
  static void start() throws IOException {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Struct answered(String path, String question) throws Exception {
    Wire.Answer answer = wire.post(path, question);
    assertThat(answer.code()).isEqualTo(201);
    return answer.json().struct("status");
  }

  @Test
  void aTokenIsItsUsers() throws Exception {
    Struct status = answered(AUTHENTICATION + "tokenreviews", "{'spec':{'token':'plain'}}");

    assertThat(status.bool("authenticated")).isTrue();
    assertThat(status.string("user", "username")).isEqualTo("bob");
    assertThat(status.struct("user").strings("groups"))
        .containsExactly("team", "system:authenticated");
  }

  @Test
  void anUnknownTokenIsNobodys() throws Exception {
    Struct status = answered(AUTHENTICATION + "tokenreviews", "{'spec':{'token':'x'}}");

    assertThat(status.bool("authenticated")).isFalse();
    assertThat(status.string("error")).isEqualTo("invalid bearer token");
  }

  @Test
  void aTokenIsNeeded() throws Exception {
    Wire.Answer answer = wire.post(AUTHENTICATION + "tokenreviews", "{'spec':{}}");

    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.message()).isEqualTo("token is required for TokenReview in authentication");
  }

  @Test
  void aClientIsToldWhichUserItIs() throws Exception {
    assertThat(answered(AUTHENTICATION + "selfsubjectreviews", "{}").string("userInfo", "username"))
        .isEqualTo("ann");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          selfsubjectaccessreviews ; {'resourceAttributes':{'verb':'get','resource':'pods'}} ; true
          selfsubjectaccessreviews ; {'nonResourceAttributes':{'verb':'get','path':'/x'}} ; true
          subjectaccessreviews ; {'user':'bob','resourceAttributes':{'verb':'get','resource':'pods'}} ; false
          subjectaccessreviews ; {'groups':['system:masters'],'resourceAttributes':{'verb':'get','resource':'pods'}} ; true
          subjectaccessreviews ; {'user':'bob','nonResourceAttributes':{'verb':'get','path':'/version'}} ; false
          subjectaccessreviews ; {'user':'bob','groups':['system:authenticated'],'nonResourceAttributes':{'verb':'get','path':'/version'}} ; true
          """)
  void whatAUserMayIsTold(String resource, String spec, boolean allowed) throws Exception {
    assertThat(answered(AUTHORIZATION + resource, "{'spec':" + spec + "}").bool("allowed"))
        .isEqualTo(allowed);
  }

  @Test
  void theSameGoesForOneNamespace() throws Exception {
    String spec = "{'user':'bob','resourceAttributes':{'verb':'get','namespace':'default'}}";

    assertThat(answered(LOCAL, "{'spec':" + spec + "}").bool("allowed")).isFalse();
  }

  private static final String NEITHER =
      "spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or"
          + " resourceAttributes must be specified";
  private static final String NO_USER =
      "spec.user: Invalid value: \"\": at least one of user or group must be specified";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          subjectaccessreviews ; {'spec':{}} ; neither, no user
          selfsubjectaccessreviews ; {'spec':{}} ; neither
          subjectaccessreviews ; {'spec':{'user':'a','resourceAttributes':{},'nonResourceAttributes':{}}} ; cannot be specified in combination with resourceAttributes
          subjectaccessreviews ; {'metadata':{'name':'x'},'spec':{'user':'a','resourceAttributes':{}}} ; must be empty
          namespaces/default/localsubjectaccessreviews ; {'spec':{'user':'a','resourceAttributes':{'namespace':'zz'}}} ; spec.resourceAttributes.namespace: Invalid value: "zz": must match metadata.namespace
          namespaces/default/localsubjectaccessreviews ; {'spec':{'user':'a','nonResourceAttributes':{}}} ; disallowed on this kind of request
          """)
  void aQuestionThatMakesNoSenseIsRefused(String resource, String question, String fault)
      throws Exception {
    Wire.Answer answer = wire.post(AUTHORIZATION + resource, question);

    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message()).startsWith(".authorization.k8s.io \"\" is invalid: ");
    switch (fault) {
      case "neither" -> assertThat(answer.message()).endsWith(NEITHER);
      case "neither, no user" ->
          assertThat(answer.message()).endsWith("[" + NEITHER + ", " + NO_USER + "]");
      default -> assertThat(answer.message()).endsWith(fault);
    }
  }

  @Test
  void aMasterMayDoEverything() throws Exception {
    Struct status =
        answered(AUTHORIZATION + "selfsubjectrulesreviews", "{'spec':{'namespace':'default'}}");

    assertThat(status.structs("resourceRules").getFirst().strings("verbs")).containsExactly("*");
    assertThat(status.bool("incomplete")).isFalse();
  }

  @Test
  void aReviewNeedsItsNamespace() throws Exception {
    assertThat(wire.post(AUTHORIZATION + "selfsubjectrulesreviews", "{'spec':{}}").message())
        .isEqualTo("no namespace on request");
    assertThat(wire.post(AUTHORIZATION + "localsubjectaccessreviews", "{}").code()).isEqualTo(405);
    assertThat(wire.post(AUTHORIZATION + "namespaces/default/subjectaccessreviews", "{}").code())
        .isEqualTo(404);
  }
}
