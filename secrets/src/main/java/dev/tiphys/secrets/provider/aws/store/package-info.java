/// What AWS's stores of secrets have in common: values that are JSON, tags that tell whose a secret
/// is, and questions that are asked once.
package dev.tiphys.secrets.provider.aws.store;
