/// Stores of AWS: Secrets Manager and Parameter Store.
package dev.tiphys.secrets.provider.aws;
