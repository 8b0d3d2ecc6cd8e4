/// Secrets Manager.
package dev.tiphys.secrets.provider.aws.secretsmanager;
