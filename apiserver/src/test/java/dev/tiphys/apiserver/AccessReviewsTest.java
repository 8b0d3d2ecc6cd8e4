package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What users are told of what they and others may do. `bob` may read Secrets in `default`.
class AccessReviewsTest {

  private static final String AUTHORIZATION = "/apis/authorization.k8s.io/v1/";
  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/";

  private static RunningServer server;
  private static Wire admin;
  private static Acting bob;

  @BeforeAll
  static void start() throws Exception {
    server = new RunningServer();
    admin = new Wire(server);
    bob = Acting.as(admin, "bob");
    admin.post(
        RBAC + "roles",
        "{'metadata':{'name':'r'},'rules':[{'apiGroups':[''],'resources':['secrets'],'verbs':['get','list']}]}");
    String group = "'apiGroup':'rbac.authorization.k8s.io'";
    admin.post(
        RBAC + "rolebindings",
        "{'metadata':{'name':'b'},'roleRef':{%s,'kind':'Role','name':'r'},'subjects':[{%s,'kind':'User','name':'bob'}]}"
            .formatted(group, group));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Struct status(Acting sender, String plural, String spec) throws Exception {
    Wire.Answer answer = sender.post(AUTHORIZATION + plural, "{'spec':" + spec + "}");
    assertThat(answer.code()).as(answer.text()).isEqualTo(201);
    return answer.json().struct("status");
  }

  private static final String SECRETS =
      "{'resourceAttributes':{'verb':'%s','resource':'secrets','namespace':'%s'}}";

  @Test
  void aUserIsToldWhatItMayDoItself() throws Exception {
    Struct allowed = status(bob, "selfsubjectaccessreviews", SECRETS.formatted("get", "default"));
    Struct refused =
        status(bob, "selfsubjectaccessreviews", SECRETS.formatted("delete", "default"));

    assertThat(allowed)
        .isEqualTo(
            Struct.of(
                "allowed",
                true,
                "reason",
                "RBAC: allowed by RoleBinding \"b/default\" of Role \"r\" to User \"bob\""));
    assertThat(refused).isEqualTo(Struct.of("allowed", false));
  }

  @Test
  void askingAboutOthersTakesARight() throws Exception {
    String question =
        "{'spec':{'user':'eve','resourceAttributes':{'verb':'get','resource':'pods'}}}";

    assertThat(bob.post(AUTHORIZATION + "subjectaccessreviews", question).code()).isEqualTo(403);
    assertThat(admin.post(AUTHORIZATION + "subjectaccessreviews", question).code()).isEqualTo(201);
  }

  @Test
  void anAnonymousUserMayNotEvenAskAboutItself() throws Exception {
    assertThat(
            new Wire(server, "")
                .post(
                    AUTHORIZATION + "selfsubjectaccessreviews",
                    "{'spec':" + SECRETS.formatted("get", "default") + "}")
                .code())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          {'rawSelector':'spec.nodeName=n1'} ; true ; ''
          {'requirements':[{'key':'spec.nodeName','operator':'In','values':['n1']}]} ; true ; ''
          {'requirements':[{'key':'spec.nodeName','operator':'In','values':['n2']}]} ; false ; ''
          {'rawSelector':'spec.nodeName=n1','requirements':[]} ; true ; ''
          {'rawSelector':'nonsense'} ; false ; spec.resourceAttributes.fieldSelector ignored due to parse error
          {'requirements':[{'key':'spec.nodeName','operator':'In','values':['n1']},{'key':'a','operator':'Exists'}]} ; true ; spec.resourceAttributes.fieldSelector partially ignored due to parse error
          """)
  void selectorsCount(String selector, boolean allowed, String error) throws Exception {
    Struct status =
        status(
            Acting.as(admin, "ann", "system:masters"),
            "subjectaccessreviews",
            "{'user':'system:node:n1','groups':['system:nodes'],'resourceAttributes':"
                + "{'verb':'list','resource':'pods','fieldSelector':"
                + selector
                + "}}");

    assertThat(status.bool("allowed")).isEqualTo(allowed);
    assertThat(status.string("evaluationError")).isEqualTo(error);
  }

  @Test
  void aSelectorIsGivenInOneWay() throws Exception {
    Wire.Answer answer =
        bob.post(
            AUTHORIZATION + "selfsubjectaccessreviews",
            "{'spec':{'resourceAttributes':{'verb':'list','resource':'pods','labelSelector':{}}}}");

    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message())
        .contains(
            "spec.resourceAttributes.labelSelector.requirements: Required value: when"
                + " spec.resourceAttributes.labelSelector is specified, requirements or rawSelector"
                + " is required");
  }

  @Test
  void rulesAreListed() throws Exception {
    Struct status = status(bob, "selfsubjectrulesreviews", "{'namespace':'default'}");

    assertThat(status.structs("resourceRules"))
        .contains(
            new dev.tiphys.object.StructBuilder()
                .add("apiGroups", java.util.List.of(""))
                .add("resources", java.util.List.of("secrets"))
                .add("verbs", java.util.List.of("get", "list"))
                .build());
    assertThat(status.structs("nonResourceRules").toString()).contains("/openapi/*");
    assertThat(status.bool("incomplete")).isFalse();
    assertThat(status(bob, "selfsubjectrulesreviews", "{'namespace':'kube-system'}").toString())
        .doesNotContain("secrets");
  }

  @Test
  void whatNodesMayDoCannotBeListed() throws Exception {
    Struct status =
        status(Acting.node(admin, "n1"), "selfsubjectrulesreviews", "{'namespace':'default'}");

    assertThat(status.bool("incomplete")).isTrue();
    assertThat(status.string("evaluationError"))
        .isEqualTo("node authorizer does not support user rule resolution");
  }
}
