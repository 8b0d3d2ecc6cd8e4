package dev.tiphys.apiserver.authorization.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleTest {

  private static final UserInfo USER = UserInfo.of("bob");

  private static boolean allows(String rule, Attributes wanted) {
    return Rule.allow(List.of(new Rule(Yaml.struct(rule))), wanted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {verbs: [get], apiGroups: [""], resources: [pods]}                       | get /pods       | true
          {verbs: [get], apiGroups: [""], resources: [pods]}                       | get /pods/log   | false
          {verbs: [get], apiGroups: [""], resources: [pods]}                       | get apps/pods   | false
          {verbs: [get], apiGroups: [""], resources: [pods]}                       | list /pods      | false
          {verbs: [get], apiGroups: [""], resources: [pods]}                       | bind /pods      | false
          {verbs: [bind], apiGroups: [""], resources: [pods]}                      | bind /pods      | true
          {verbs: ["*"], apiGroups: [""], resources: [pods]}                       | bind /pods      | true
          {verbs: ["*"], apiGroups: ["*"], resources: ["*"]}                       | get a/b/c       | true
          {verbs: [get], apiGroups: ["*"], resources: ["*/c"]}                     | get a/b/c       | true
          {verbs: [get], apiGroups: ["*"], resources: ["*/c"]}                     | get a/b         | false
          {verbs: [get], apiGroups: ["*"], resources: ["*/c"]}                     | get a/b/d       | false
          {verbs: [get], apiGroups: ["*"], resources: ["b/*"]}                     | get a/b/c       | false
          {verbs: [get, watch], apiGroups: [xx, yy], resources: [a, b]}              | watch yy/b      | true
          {verbs: [get], apiGroups: [""], resources: [pods], resourceNames: [one]} | get /pods       | false
          {verbs: [get], apiGroups: [""], resources: [pods], resourceNames: [one]} | get /pods:one   | true
          {verbs: [get], apiGroups: [""], resources: [pods], resourceNames: [one]} | get /pods:two   | false
          {verbs: [create], apiGroups: [""], resources: [pods], resourceNames: [a]}| create /pods    | false
          {verbs: [get], nonResourceURLs: ["*"]}                                   | get /pods       | false
          """)
  void resources(String rule, String wanted, boolean allowed) {
    String[] verb = wanted.split(" ");
    String[] named = verb[1].split(":");
    String[] parts = named[0].split("/");
    Subject.OfResource subject =
        new Subject.OfResource(
            parts[0],
            "v1",
            parts[1],
            parts.length > 2 ? parts[2] : "",
            "default",
            named.length > 1 ? named[1] : "");

    assertThat(allows(rule, new Attributes(USER, verb[0], subject))).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {verbs: [get], nonResourceURLs: [/a]}        | get /a   | true
          {verbs: [get], nonResourceURLs: [/a]}        | get /a/b | false
          {verbs: [get], nonResourceURLs: [/a]}        | post /a  | false
          {verbs: [get], nonResourceURLs: [/a/*]}      | get /a/b | true
          {verbs: [get], nonResourceURLs: [/a/*]}      | get /a/  | true
          {verbs: [get], nonResourceURLs: [/a/*]}      | get /a   | false
          {verbs: [get], nonResourceURLs: [/a**]}      | get /ab  | true
          {verbs: [get], nonResourceURLs: ["*"]}       | get /x   | true
          {verbs: [get], nonResourceURLs: [/a/*/c]}    | get /a/b/c | false
          {verbs: ["*"], apiGroups: ["*"], resources: ["*"]} | get /x | false
          """)
  void paths(String rule, String wanted, boolean allowed) {
    String[] parts = wanted.split(" ");

    assertThat(allows(rule, new Attributes(USER, parts[0], new Subject.OfPath(parts[1]))))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {verbs: ["*"], apiGroups: ["*"], resources: ["*"]}   | {verbs: [get], apiGroups: [a], resources: [b]}       | ''
          {verbs: [get], apiGroups: [a], resources: [b]}       | {verbs: [get, list], apiGroups: [a], resources: [b]} | {APIGroups:["a"], Resources:["b"], Verbs:["list"]}
          {verbs: [get], apiGroups: [a], resources: [b]}       | {verbs: ["*"], apiGroups: [a], resources: [b]}       | {APIGroups:["a"], Resources:["b"], Verbs:["*"]}
          {verbs: [get], apiGroups: [a], resources: ["*/s"]}   | {verbs: [get], apiGroups: [a], resources: [b/s]}     | ''
          {verbs: [get], apiGroups: [a], resources: [b]}       | {verbs: [get], apiGroups: [a], resources: [b], resourceNames: [one]} | ''
          {verbs: [get], apiGroups: [a], resources: [b], resourceNames: [one]} | {verbs: [get], apiGroups: [a], resources: [b]} | {APIGroups:["a"], Resources:["b"], Verbs:["get"]}
          {verbs: [get], apiGroups: [a], resources: [b], resourceNames: [one]} | {verbs: [get], apiGroups: [a], resources: [b], resourceNames: [one, two]} | {APIGroups:["a"], Resources:["b"], ResourceNames:["two"], Verbs:["get"]}
          {verbs: [get], nonResourceURLs: [/a/*]}              | {verbs: [get], nonResourceURLs: [/a/b, /c]}          | {NonResourceURLs:["/c"], Verbs:["get"]}
          """)
  void whatIsMissingIsDescribed(String held, String wanted, String missing) {
    assertThat(
            Coverage.described(
                Coverage.missing(List.of(Yaml.struct(held)), List.of(Yaml.struct(wanted)))))
        .isEqualTo(missing);
  }
}
