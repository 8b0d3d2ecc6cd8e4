package dev.tiphys.monitoring.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.monitoring.alerting.AlertmanagerConfiguration.Strategy;
import dev.tiphys.monitoring.config.Assets;
import dev.tiphys.monitoring.selection.Sources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.encoding.Yaml;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertmanagerConfigurationTest {

  private static final String TEAM =
      """
      metadata: {name: team, namespace: web}
      spec:
        route:
          receiver: page
          groupBy: [job]
          groupWait: 10s
          matchers: [{name: severity, value: 'a"b', matchType: '=~'}]
          routes: [{receiver: chat, muteTimeIntervals: [nights], continue: true}]
        receivers:
        - name: page
          pagerdutyConfigs:
          - routingKey: {name: keys, key: pager}
            clientURL: http://web
            details: [{key: Who, value: me}]
            pagerDutyLinkConfigs: [{href: http://x, alt: here}]
            sendResolved: false
        - name: chat
          slackConfigs:
          - apiURL: {name: keys, key: slack}
            channel: '#web'
            fields: [{title: a, value: b, short: true}]
            mrkdwnIn: [text]
          discordConfigs:
          - apiURL: {name: keys, key: slack}
            httpConfig: {authorization: {type: Bearer, credentials: {name: keys, key: pager}}}
          webhookConfigs:
          - urlSecret: {name: keys, key: slack}
            maxAlerts: 3
            httpConfig:
              oauth2:
                clientId: {configMap: {name: settings, key: id}}
                clientSecret: {name: keys, key: pager}
                tokenUrl: https://tokens
                endpointParams: {audienceName: x}
              tlsConfig: {ca: {configMap: {name: settings, key: ca}}, serverName: hooks}
        inhibitRules:
        - sourceMatch: [{name: severity, value: critical}, {name: namespace, value: other}]
          targetMatch: [{name: severity, value: warning, regex: true}]
          equal: [job]
        muteTimeIntervals:
        - name: nights
          timeIntervals:
          - times: [{startTime: '22:00', endTime: '24:00'}]
            weekdays: [Monday:Friday]
            daysOfMonth: [{start: 1, end: 7}, {start: -1}]
            months: [May]
      """;

  private static final Struct KEYS =
      Yaml.struct("data: {pager: c2VjcmV0Cg==, slack: aHR0cDovL3NsYWNr}");
  private static final Struct SETTINGS = Yaml.struct("data: {id: me, ca: PEM}");

  private final Sources sources =
      new Sources(
          key -> key.equals(new ObjectKey("web", "keys")) ? KEYS : null,
          key -> key.equals(new ObjectKey("web", "settings")) ? SETTINGS : null);
  private final Assets assets = new Assets(Path.of("/files"));

  @Test
  void withoutConfigsAlertsGoNowhere() {
    assertThat(of(Strategy.ON_NAMESPACE).tree())
        .isEqualTo(Yaml.struct("{receivers: [{name: 'null'}], route: {receiver: 'null'}}"));
  }

  @Test
  void aConfigBecomesARouteAndItsReceivers() {
    AlertmanagerConfiguration made = of(Strategy.ON_NAMESPACE, TEAM);

    Path file = assets.files().keySet().iterator().next();
    assertThat(made.refused()).isEmpty();
    assertThat(made.tree())
        .isEqualTo(
            Yaml.struct(
                """
                inhibit_rules:
                - source_matchers: ['severity="critical"', 'namespace="web"']
                  target_matchers: ['severity=~"warning"', 'namespace="web"']
                  equal: [job]
                receivers:
                - name: 'null'
                - name: web/team/page
                  pagerduty_configs:
                  - routing_key: secret
                    client_url: http://web
                    details: {Who: me}
                    links: [{href: http://x, text: here}]
                    send_resolved: false
                - name: web/team/chat
                  discord_configs:
                  - webhook_url: http://slack
                    http_config: {authorization: {type: Bearer, credentials: secret}}
                  slack_configs:
                  - api_url: http://slack
                    channel: '#web'
                    fields: [{title: a, value: b, short: true}]
                    mrkdwn_in: [text]
                  webhook_configs:
                  - url: http://slack
                    max_alerts: 3
                    http_config:
                      oauth2:
                        client_id: me
                        client_secret: secret
                        token_url: https://tokens
                        endpoint_params: {audienceName: x}
                      tls_config:
                        insecure_skip_verify: false
                        ca_file: secrets/HASH
                        server_name: hooks
                route:
                  receiver: 'null'
                  routes:
                  - receiver: web/team/page
                    group_by: [job]
                    group_wait: 10s
                    matchers: ['severity=~"a\\"b"', 'namespace="web"']
                    continue: true
                    routes:
                    - {receiver: web/team/chat, mute_time_intervals: [web/team/nights], continue: true}
                time_intervals:
                - name: web/team/nights
                  time_intervals:
                  - times: [{start_time: '22:00', end_time: '24:00'}]
                    weekdays: ['monday:friday']
                    days_of_month: ['1:7', '-1']
                    months: [may]
                """
                    .replace("secrets/HASH", "secrets/" + file.getFileName())));
    assertThat(assets.files()).hasSize(1);
    assertThat(assets.files().values().iterator().next())
        .isEqualTo("PEM".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void alertsOfOtherNamespacesAreSentIfTheAlertmanagerSaysSo() {
    assertThat(matchers(of(Strategy.NONE, TEAM))).containsExactly("severity=~\"a\\\"b\"");
    assertThat(matchers(of(Strategy.ON_NAMESPACE_BUT_OWN, TEAM))).hasSize(2);
    assertThat(matchers(of(Strategy.ON_NAMESPACE_BUT_OWN, TEAM.replace("web}", "monitoring}"))))
        .isEmpty(); // refused: its Secrets are elsewhere
  }

  private static List<String> matchers(AlertmanagerConfiguration made) {
    return made.tree().structs("route", "routes").stream()
        .flatMap(route -> route.strings("matchers").stream())
        .toList();
  }

  /// Two good ones are used whatever the third is.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{route: {}}|root route must define a receiver",
        "{route: {receiver: none}}|receiver \"none\" not found",
        "{route: {receiver: a, muteTimeIntervals: [t]}, receivers: [{name: a}]}|time interval \"t\" not found",
        "{route: {receiver: a}, receivers: [{name: a}, {name: a}]}|\"a\" receiver is not unique",
        "{route: {receiver: a}, receivers: [{name: a, slackConfigs: [{apiURL: {name: none, key: x}}]}]}"
            + "|unable to get secret \"none\": secrets \"none\" not found",
        "{route: {receiver: a}, receivers: [{name: a, slackConfigs: [{apiURL: {name: keys, key: x}}]}]}"
            + "|key \"x\" in secret \"keys\" not found",
        "{route: {receiver: a}, receivers: [{name: a, msteamsConfigs: [{}]}]}"
            + "|receiver \"a\": msteamsConfigs needs a newer Alertmanager than the one that runs",
        "{route: {receiver: a, matchers: [{name: x, matchType: '=', regex: true}]}, receivers: [{name: a}]}"
            + "|'matchType' and 'regex' can't be specified together"
      })
  void oneThatCannotBeUsedIsLeftOut(String spec, String why) {
    AlertmanagerConfiguration made =
        of(
            Strategy.ON_NAMESPACE,
            TEAM,
            "{metadata: {name: bad, namespace: web}, spec: " + spec + "}",
            "{metadata: {name: plain, namespace: api}, spec: {route: {receiver: a}, receivers: [{name: a}]}}");

    assertThat(made.refused()).containsOnlyKeys(new ObjectKey("web", "bad"));
    assertThat(made.refused().values()).containsExactly(why);
    assertThat(made.tree().structs("route", "routes"))
        .extracting(route -> route.string("receiver"))
        .containsExactly("api/plain/a", "web/team/page");
  }

  @Test
  void whatTheUserGivesComesLast() {
    Struct base =
        Yaml.struct(
            "{route: {receiver: all, routes: [{receiver: all}]}, receivers: [{name: all}], global: {resolve_timeout: 1m}}");

    Struct made =
        AlertmanagerConfiguration.of(
                base,
                Strategy.ON_NAMESPACE,
                "monitoring",
                List.of(Yaml.struct(TEAM)),
                sources,
                assets)
            .tree();

    assertThat(made.structs("route", "routes"))
        .extracting(route -> route.string("receiver"))
        .containsExactly("web/team/page", "all");
    assertThat(made.string("global", "resolve_timeout")).isEqualTo("1m");
  }

  private AlertmanagerConfiguration of(Strategy strategy, String... configs) {
    return AlertmanagerConfiguration.of(
        AlertmanagerConfiguration.SILENT,
        strategy,
        "monitoring",
        List.of(configs).stream().map(Yaml::struct).toList(),
        sources,
        assets);
  }
}
