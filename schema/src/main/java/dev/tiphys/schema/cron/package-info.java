/// Schedules as crontab(5) has them, read as upstream's parser reads them.
package dev.tiphys.schema.cron;
