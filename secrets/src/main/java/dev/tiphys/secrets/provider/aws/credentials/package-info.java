/// Where the credentials for AWS come from, and how those that end are replaced in time.
package dev.tiphys.secrets.provider.aws.credentials;
