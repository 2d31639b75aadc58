// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.shareferry.member.MemberName;
import org.shareferry.relay.Usage;
import org.shareferry.service.storage.SharedCommits;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;

/// Deletes uploads that became no answer, masked values whose retention is over, and what was answered to a delivery
/// that is forgotten. The bytes of an upload are given back by the statement that deletes its line or marks it as
/// released, so that of several replicas one gives them back.
@Component
public class AnswerRemoval {
    private static final int AT_ONCE = 20;

    private final JdbcClient jdbc;
    private final SharedCommits commits;
    private final Usage usage;
    private final Clock clock;

    public AnswerRemoval(JdbcClient jdbc, SharedCommits commits, Usage usage, Clock clock) {
        this.jdbc = jdbc;
        this.commits = commits;
        this.usage = usage;
        this.clock = clock;
    }

    /// Drops what came of an upload that is not an answer.
    void drop(String upload) {
        while (commits.commit(() -> dropParts(upload)) == AT_ONCE) {
            // In small steps, so that others need not wait.
        }
        commits.commit(() -> credit(jdbc.sql("""
                        -- AnswerRemoval.drop
                        DELETE FROM answer_upload WHERE id = :upload AND complete = FALSE
                        RETURNING client, size""").param("upload", upload)));
    }

    private int dropParts(String upload) {
        return jdbc.sql("""
                        -- AnswerRemoval.dropParts
                        DELETE FROM answer_part WHERE upload = :upload AND idx IN (
                            SELECT p.idx FROM answer_part p JOIN answer_upload u ON u.id = p.upload
                            WHERE u.id = :upload AND u.complete = FALSE LIMIT :limit)""").param("upload", upload).param("limit", AT_ONCE).update();
    }

    private record Charged(MemberName client, long size) {}

    /// @param statement names those whose bytes it gave up
    /// @return how many rows it changed
    private int credit(StatementSpec statement) {
        var charged = statement
                .query((row, number) -> new Charged(MemberName.parse(row.getString("client")), row.getLong("size")))
                .list();
        charged.forEach(one -> usage.credit(one.client(), one.size()));
        return charged.size();
    }

    /// @return uploads to which nothing was added for so long that nobody goes on with them
    List<String> abandoned(Duration age) {
        return jdbc.sql("""
                        -- AnswerRemoval.abandoned
                        SELECT id FROM answer_upload WHERE complete = FALSE AND changed < :before LIMIT :limit""")
                .param("before", before(age))
                .param("limit", AT_ONCE)
                .query((row, number) -> row.getString("id"))
                .list();
    }

    private long before(Duration ago) {
        return clock.millis() - ago.toMillis();
    }

    /// Deletes masked values of an answer that came longer ago than their retention, some in each step. The statement
    /// stays.
    ///
    /// @return whether there may be more
    public boolean releaseSome(Duration retention) {
        var due = jdbc.sql("""
                        -- AnswerRemoval.releasable
                        SELECT id FROM answer_upload WHERE complete AND NOT released AND changed < :before
                        ORDER BY changed LIMIT 1""")
                .param("before", before(retention))
                .query((row, number) -> row.getString("id"))
                .optional();
        due.ifPresent(upload -> commits.commit(() -> release(upload)));
        return due.isPresent();
    }

    private int release(String upload) {
        int parts =
                jdbc.sql("""
                        -- AnswerRemoval.releaseParts
                        DELETE FROM answer_part WHERE upload = :upload AND idx IN (
                            SELECT idx FROM answer_part WHERE upload = :upload LIMIT :limit)""").param("upload", upload).param("limit", AT_ONCE).update();
        return parts == AT_ONCE ? parts : credit(jdbc.sql("""
                        -- AnswerRemoval.release
                        UPDATE answer_upload SET released = TRUE WHERE id = :upload AND released = FALSE
                        RETURNING client, size""").param("upload", upload));
    }

    /// Deletes some parts of what was answered to a delivery that is forgotten, in the transaction of the caller. The
    /// rest goes with the delivery's line when there are no more parts.
    ///
    /// @param delivery as its row is named
    /// @return how many parts; fewer than `limit` when none is left
    public int forget(String delivery, int limit) {
        int parts =
                jdbc.sql("""
                        -- AnswerRemoval.forgetParts
                        DELETE FROM answer_part WHERE (upload, idx) IN (
                            SELECT p.upload, p.idx FROM answer_part p JOIN answer_upload u ON u.id = p.upload
                            WHERE u.delivery = :delivery LIMIT :limit)""").param("delivery", delivery).param("limit", limit).update();
        if (parts < limit) {
            credit(jdbc.sql("""
                            -- AnswerRemoval.forget
                            DELETE FROM answer_upload WHERE delivery = :delivery
                            RETURNING client, CASE WHEN released THEN 0 ELSE size END AS size""").param("delivery", delivery));
        }
        return parts;
    }
}
